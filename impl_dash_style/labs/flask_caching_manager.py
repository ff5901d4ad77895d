"""A manager that runs each job in a process of its own and keeps everything with Flask-Caching."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask
from flask_caching import Cache

from .. import job_process, process
from ..caching import Policy
from ..exceptions import DeclarationError
from ..job import Job
from ..store import Store
from .file_store import FileStore

_ENTRIES: Final = 20_000
"""How many entries the directory may hold where the program does not say. The cache then drops some, used
or not; its own default of 500 is what a hundred runs leave."""


class FlaskCachingCallbackManager:
    """Runs jobs as processes. Server processes that share the cache's directory share the jobs."""

    policy: Policy = Policy()

    def __init__(self, flask_cache: Any) -> None:
        """Take a `flask_caching.Cache` of the type "filesystem", which jobs and server processes share.

        The directory must hold nothing else. DeclarationError for types that stay in one process.
        """
        if not isinstance(flask_cache, Cache):
            raise DeclarationError(
                f"FlaskCachingCallbackManager needs a flask_caching.Cache, not {flask_cache!r}"
            )
        self._store = _open(flask_cache)

    @contextmanager
    def session(self) -> Iterator[Store]:
        """Open the store for a moment. One thread at a time: its lock must not be forked."""
        with job_process.UNSHARED:
            yield self._store

    def start(self, job: Job, admit: Callable[[Any], bool]) -> None:
        """Start a process for the job; it waits until it is admitted. OSError if there can be none."""
        job_process.start(job, self._store, admit)

    def alive(self, reference: Any) -> bool:
        """Return whether the job's process lives. One that is dead but not yet reaped does not."""
        return process.find(reference) is not None

    def kill(self, reference: Any) -> None:
        """Kill the job's process and its descendants, and wait until they are dead."""
        process.kill_tree(reference)


def _open(cache: Cache) -> FileStore:
    """Open the cache for an app of its own: the program's is not made yet."""
    config = cache.config or {}
    kind = str(config.get("CACHE_TYPE", "NullCache"))
    if kind.rpartition(".")[2].lower() not in ("filesystem", "filesystemcache"):
        raise DeclarationError(
            f"a Flask-Caching cache of the type {kind} is not shared by the processes of a program;"
            ' give it {"CACHE_TYPE": "filesystem", "CACHE_DIR": ...}'
        )
    if not config.get("CACHE_DIR"):
        raise DeclarationError('the Flask-Caching cache has no directory: give it "CACHE_DIR"')
    app = Flask(__name__)
    # "filesystem", which Dash Labs writes, is the older name of the type.
    entries = config.get("CACHE_THRESHOLD", _ENTRIES)
    cache.init_app(app, {"CACHE_TYPE": "FileSystemCache", "CACHE_THRESHOLD": entries})
    return FileStore(cache, app, config["CACHE_DIR"])
