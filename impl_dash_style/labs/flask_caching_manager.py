"""A manager that runs each job in a process of its own and keeps everything with Flask-Caching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Flask

from impl_dash_style.caching import CachePolicy
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.job_process import ProcessManager
from impl_dash_style.labs.file_store import FileStore

if TYPE_CHECKING:
    from flask_caching import Cache

#: Above how many entries the cache looks for those that have expired, unless the program says: it reads each. Its own
#: default of 500 is what a hundred runs leave.
_ENTRIES: Final = 20_000


#: The type of cache that is opened, by the name under which Flask-Caching imports it.
_TYPE: Final = "impl_dash_style.labs.json_files.JsonFiles"


class FlaskCachingCallbackManager(ProcessManager):
    """Runs jobs as processes. Server processes that share the cache's directory share the jobs."""

    def __init__(self, flask_cache: Cache) -> None:
        """Use a ``flask_caching.Cache`` of the type "filesystem", which jobs and server processes share.

        The directory must hold nothing else. Raises DeclarationError for types that stay in one process.
        """
        from flask_caching import Cache  # here: programs without it do not need it

        if not isinstance(flask_cache, Cache):
            raise DeclarationError(
                f"FlaskCachingCallbackManager needs a flask_caching.Cache, not {flask_cache!r}"
            )
        super().__init__(_open(flask_cache), CachePolicy())


def _open(cache: Cache) -> FileStore:
    """Open the cache for an app of its own: the program's does not exist yet."""
    config = cache.config or {}
    kind = str(config.get("CACHE_TYPE", "NullCache"))
    if kind.rpartition(".")[2].lower() not in ("filesystem", "filesystemcache"):
        raise DeclarationError(
            f"a Flask-Caching cache of the type {kind} is not shared by the processes of a program;"
            ' give it {"CACHE_TYPE": "filesystem", "CACHE_DIR": ...}'
        )
    if not config.get("CACHE_DIR"):
        raise DeclarationError('the Flask-Caching cache has no directory; give it "CACHE_DIR"')
    app = Flask(__name__)
    # "filesystem", which Dash Labs writes, is the older name of the type.
    entries = config.get("CACHE_THRESHOLD", _ENTRIES)
    cache.init_app(app, {"CACHE_TYPE": _TYPE, "CACHE_THRESHOLD": entries})
    return FileStore(cache, app, config["CACHE_DIR"])
