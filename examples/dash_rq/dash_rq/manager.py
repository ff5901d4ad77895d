"""The manager: what Dash calls in the server's processes."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dash._callback_context import context_value
from dash.background_callback.managers import BaseBackgroundCallbackManager
from redis import Redis
from rq import Queue
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.utils import now

from dash_rq.job import execute, failure
from dash_rq.store import DELIVERED, LIFE_SECONDS, STOPPED, Store

SILENCE = timedelta(seconds=30)  # of a dead worker: ten times the pause between two heartbeats


class RqManager(BaseBackgroundCallbackManager):
    """Executes background callbacks by the workers of RQ, and keeps their results in Redis.

    ``cache_by`` and ``expire`` (seconds since an entry was last used) are those of Dash's own managers.
    """

    def __init__(
        self,
        connection: Redis,
        cache_by: Callable[[], Any] | list[Callable[[], Any]] | None = None,
        expire: int | None = None,
        queue: str = "dash",
    ) -> None:
        if not isinstance(connection, Redis):
            raise TypeError(f"RqManager needs a redis.Redis, not {connection!r}")
        self.queue = Queue(queue, connection=connection)
        self.store = Store(connection)
        self.expire = expire
        functions = cache_by if isinstance(cache_by, list) else [cache_by]
        if cache_by is not None and not all(map(callable, functions)):
            raise TypeError(f"cache_by must be functions, not {cache_by!r}")
        super().__init__(cache_by)  # registers what was declared before, so it comes last

    # A trigger. Its run has one name in Dash, RQ and Redis, which begins with the cache key.

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
        if entry and (cached := self.store.entry(entry, self.expire)) is not None:
            self.store.put_result(key, cached)
            return key
        self.queue.enqueue_call(
            execute,
            (job_fn, key, args, dict(context), entry, self.expire),
            job_id=key,
            description="a background callback",  # RQ would log the arguments, and the user's cookies
            timeout=-1,  # RQ's own limit is three minutes
            result_ttl=LIFE_SECONDS,
            failure_ttl=LIFE_SECONDS,
        )
        return key

    # A poll of the page, in the order in which Dash calls these.

    def get_progress(self, key: str) -> Any:
        return self.store.take_progress(key)

    def get_result(self, key: str, job: str) -> Any:
        death = self._death(key)  # first: a job that ends properly has stored its result by then
        result = self.store.result(key) or (death and failure(death))
        delivered = result and self.store.end(key, DELIVERED)  # to the first poll only
        return json.loads(result) if delivered else self.UNDEFINED

    def job_running(self, job: str) -> bool:
        return not self.store.ended(job)  # a job that has returned still has a result to deliver

    def get_updated_props(self, key: str | None) -> dict[str, dict[str, Any]]:
        stopped = not key or self.store.ended(key) == STOPPED
        return {} if stopped else self.store.take_updates(key)

    # Cancel, and everything else that makes a run obsolete.

    def terminate_job(self, job: str) -> None:
        self.store.end(job, STOPPED)  # first, for a worker that has just taken the job: it skips it
        try:
            rq_job = Job.fetch(job, connection=self.queue.connection)
            if rq_job.get_status(refresh=False) == JobStatus.STARTED:
                send_stop_job_command(self.queue.connection, job)
            else:
                rq_job.cancel()
        except (NoSuchJobError, InvalidJobOperation):
            pass  # it has ended by itself

    # What only a part of Dash calls.

    def result_ready(self, key: str) -> bool:
        return self.store.result(key) is not None

    def get_or_create_signing_secret(self, generate: Callable[[], bytes]) -> bytes:
        key = f"dash-rq:{self.SIGNING_SECRET_KEY}"
        self.queue.connection.set(key, generate(), nx=True)
        return self.queue.connection.get(key)

    def _death(self, run: str) -> str:
        """Why the job of a run will give no result; empty while it may still give one."""
        try:
            job = Job.fetch(run, connection=self.queue.connection)
        except NoSuchJobError:
            return "Redis no longer knows the job"
        status = job.get_status(refresh=False)  # as fetched, of the same moment as the heartbeat
        if status == JobStatus.STARTED and now() - job.last_heartbeat > SILENCE:
            return f"the worker of the job has been silent for {SILENCE.seconds} seconds"
        if status in (JobStatus.STARTED, JobStatus.QUEUED):
            return ""
        last = job.latest_result()
        return (last and last.exc_string) or f"the job is {status.value}, without a result"
