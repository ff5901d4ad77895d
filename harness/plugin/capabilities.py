"""What a test needs of a backend, and why it does not apply to one that is built in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest

#: Backends whose managers keep everything in a folder that the program names.
IN_A_FOLDER = ("diskcache", "flask_caching", "none")
#: Backends whose programs give their manager a store that tells of each read and write.
TELLING = (*IN_A_FOLDER, "celery+redis", "celery+rabbitmq")


def _in_a_folder(backend: Any) -> bool:
    return _name(backend) in IN_A_FOLDER


def _has_workers(backend: Any) -> bool:
    return getattr(backend, "worker", None) is not None


def _services(backend: Any) -> set[str]:
    return set(getattr(backend, "services", {}).values())


def _outside(backend: Any) -> bool:
    """Its store can be reached from outside: a folder, or a Redis."""
    return _in_a_folder(backend) or "redis" in _services(backend)


def _name(backend: Any) -> str:
    return str(getattr(backend, "name", backend))


#: What a test may need: whether a backend has it by the way it is built, and what is said where it has not.
_NEEDS: Mapping[str, tuple[Callable[[Any], bool], str]] = MappingProxyType(
    {
        "shared results": (lambda backend: True, ""),
        "workers": (_has_workers, "it has no workers that take jobs from a queue"),
        "queue to empty": (
            lambda backend: _has_workers(backend) and bool(_services(backend)),
            "there is no queue in a service that could lose it",
        ),
        "Celery app": (
            lambda backend: _name(backend).startswith("celery"),
            "its manager is given no Celery app",
        ),
        "store that stops": (
            lambda backend: "redis" in _services(backend),
            "its store is no service that could stop",
        ),
        "store of its own making": (
            lambda backend: not _name(backend).startswith("celery"),
            "a manager is always given a Celery app",
        ),
        "store that tells": (
            lambda backend: _name(backend) in TELLING,
            "its programs have no store that could tell of its reads and writes",
        ),
        "store to empty": (
            _outside,
            "nothing outside its manager knows how to empty its store",
        ),
        "store to fill": (_outside, "nothing outside its manager knows how to fill its store"),
    }
)


def missing(backend: Any, need: str) -> str:
    """Why the backend lacks what a test needs; empty where it has it."""
    if need in getattr(backend, "absent", ()):
        return f"{need}: {_name(backend)} declares that it has none"
    has, without = _NEEDS[need]
    return "" if has(backend) else f"{need}: {without}"


def excluded(test: pytest.Item, backend: Any) -> str:
    """Why a test does not apply to a backend; empty where it does."""
    needed = [name for mark in test.iter_markers("needs") for name in mark.args]
    lacked = [name for mark in test.iter_markers("lacks") for name in mark.args]
    if unknown := set(needed + lacked) - set(_NEEDS):
        raise pytest.UsageError(
            f"{test.nodeid} needs {unknown.pop()!r}; a test may need {', '.join(_NEEDS)}"
        )
    reasons = [missing(backend, name) for name in needed]
    reasons += [
        f"without {name}: {_name(backend)} does not declare that it has none"
        for name in lacked
        if name not in getattr(backend, "absent", ())
    ]
    return next(filter(None, reasons), "")
