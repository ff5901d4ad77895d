"""What a test needs of a backend, and why it does not apply to one that is built in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pytest

from callback_conformance.backends import Backend

#: Backends whose managers keep everything in a folder that the program names.
IN_A_FOLDER = ("diskcache", "flask_caching", "none")
#: Backends whose programs give their manager a store that tells of each read and write.
TELLING = (*IN_A_FOLDER, "celery+redis", "celery+rabbitmq")


def _in_a_folder(backend: Backend) -> bool:
    return backend.name in IN_A_FOLDER


def _has_workers(backend: Backend) -> bool:
    return backend.worker is not None


def _on_redis(backend: Backend) -> bool:
    return "redis" in backend.services.values()


def _on_celery(backend: Backend) -> bool:
    return backend.name.startswith("celery")


def _outside(backend: Backend) -> bool:
    """Its store can be reached from outside: a folder, or a Redis."""
    return _in_a_folder(backend) or _on_redis(backend)


#: What a test may need: whether a backend has it by the way it is built, and what is said where it has not.
_NEEDS: Mapping[str, tuple[Callable[[Backend], bool], str]] = MappingProxyType(
    {
        "shared results": (lambda backend: True, ""),
        "workers": (_has_workers, "it has no workers that take jobs from a queue"),
        "queue to empty": (
            lambda backend: _has_workers(backend) and bool(backend.services),
            "there is no queue in a service that could lose it",
        ),
        "Celery app": (_on_celery, "its manager is given no Celery app"),
        "store that stops": (_on_redis, "its store is no service that could stop"),
        "store of its own making": (
            lambda backend: not _on_celery(backend),
            "a manager is always given a Celery app",
        ),
        "store that tells": (
            lambda backend: backend.name in TELLING,
            "its programs have no store that could tell of its reads and writes",
        ),
        "store to empty": (
            _outside,
            "nothing outside its manager knows how to empty its store",
        ),
        "store to fill": (_outside, "nothing outside its manager knows how to fill its store"),
    }
)


def missing(backend: Backend, need: str) -> str:
    """Why the backend lacks what a test needs; empty where it has it."""
    if need in backend.absent:
        return f"{need}: {backend.name} declares that it has none"
    has, without = _NEEDS[need]
    return "" if has(backend) else f"{need}: {without}"


def excluded(test: pytest.Item, backend: Backend) -> str:
    """Why a test does not apply to a backend; empty where it does."""
    needed = [name for mark in test.iter_markers("needs") for name in mark.args]
    lacked = [name for mark in test.iter_markers("lacks") for name in mark.args]
    if unknown := set(needed + lacked) - set(_NEEDS):
        raise pytest.UsageError(
            f"{test.nodeid} needs {unknown.pop()!r}; a test may need {', '.join(_NEEDS)}"
        )
    reasons = [missing(backend, name) for name in needed]
    reasons += [
        f"without {name}: {backend.name} does not declare that it has none"
        for name in lacked
        if name not in backend.absent
    ]
    return next(filter(None, reasons), "")
