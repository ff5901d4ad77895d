"""Flask-Caching's cache in files, with JSON in them: it would write pickles, which can run code when they are read."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, Any

from cachelib.serializers import FileSystemSerializer
from flask_caching.backends.filesystemcache import FileSystemCache

from impl_dash_style.store import dump, load


class _Json(FileSystemSerializer):
    """How values are written. What is no JSON, such as an older version's files, counts as absent."""

    def dump(self, value: object, f: IO[bytes], protocol: int = 0) -> None:
        f.write(dump(value).encode())

    def load(self, f: IO[bytes]) -> Any:
        with suppress(ValueError):
            return load(f.read())
        return None


class JsonFiles(FileSystemCache):
    """The type of cache that Flask-Caching imports by its name."""

    serializer = _Json()

    def _remove_older(self) -> bool:
        """Keep all that has not expired, beyond the threshold too: some page may wait for it."""
        return True
