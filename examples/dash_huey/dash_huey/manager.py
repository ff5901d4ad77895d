"""The manager: what Dash calls in the server's processes."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dash._callback_context import context_value
from dash.background_callback.managers import BaseBackgroundCallbackManager
from huey import SqliteHuey

from dash_huey.job import execute
from dash_huey.store import LOCK_SECONDS, Store


class HueyManager(BaseBackgroundCallbackManager):
    """Executes background callbacks by the workers of Huey. One SQLite database holds the queue, the results and the
    cache, so that servers and workers run on one machine.

    ``cache_by`` and ``expire`` (seconds since an entry was last used) are those of Dash's own managers.
    """

    def __init__(
        self,
        filename: str | Path = "huey.db",
        cache_by: Callable[[], Any] | list[Callable[[], Any]] | None = None,
        expire: int | None = None,
    ) -> None:
        self.huey = SqliteHuey("dash", results=False, filename=filename, timeout=LOCK_SECONDS)
        self.store = Store(filename)
        self.expire = expire
        self._start = self.huey.task(name="execute")(self._execute)
        functions = cache_by if isinstance(cache_by, list) else [cache_by]
        if cache_by is not None and not all(map(callable, functions)):
            raise TypeError(f"cache_by must be functions, not {cache_by!r}")
        super().__init__(cache_by)  # registers what was declared before, so it comes last

    def _execute(self, *call: Any) -> None:
        """In a worker: execute a job."""
        execute(self.store, *call)

    # A trigger. Its run has one name in Dash and in the database, which begins with the cache key.

    def build_cache_key(
        self, fn: Callable[..., Any], args: Any, cache_args_to_ignore: Any, triggered: Any
    ) -> str:
        key = super().build_cache_key(fn, args, cache_args_to_ignore, triggered)
        outputs = context_value.get().outputs_list  # tell callbacks, and instances of MATCH, apart
        entry = hashlib.sha256(f"{key} {outputs}".encode()).hexdigest()
        return f"{entry}-{uuid.uuid4().hex}"

    def make_job_fn(self, fn: Callable[..., Any], progress: bool, key: str | None = None) -> Any:
        return key  # by which the worker finds the function

    def call_job_fn(self, key: str, job_fn: str, args: Any, context: dict[str, Any]) -> str:
        entry = "" if self.cache_by is None else key.partition("-")[0]
        cached = self.store.entry(entry, self.expire) if entry else None
        self.store.add(key, cached)
        if cached is None:
            self._start(job_fn, key, args, dict(context), entry, self.expire)
        return key

    # A poll of the page, in the order in which Dash calls these.

    def get_progress(self, key: str) -> Any:
        return self.store.take_progress(key)

    def get_result(self, key: str, job: str) -> Any:
        result = self.store.deliver(key)  # to the first poll only
        return self.UNDEFINED if result is None else json.loads(result)

    def job_running(self, job: str) -> bool:
        return self.store.waits(job)  # a job that has returned still has a result to deliver

    def get_updated_props(self, key: str | None) -> dict[str, dict[str, Any]]:
        return self.store.take_updates(key) if key else {}

    # Cancel, and everything else that makes a run obsolete.

    def terminate_job(self, job: str) -> None:
        self.store.stop(job)

    # What only a part of Dash calls.

    def result_ready(self, key: str) -> bool:
        return self.store.has_result(key)

    def get_or_create_signing_secret(self, generate: Callable[[], bytes]) -> bytes:
        return self.store.secret(generate())
