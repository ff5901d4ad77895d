"""The backends: where jobs run, what has to run for them, and anyone's own."""

from __future__ import annotations

from callback_conformance.backends import celery
from callback_conformance.backends.backend import Backend, Worker
from callback_conformance.backends.third_party import BadBackend, foreign

__all__ = ["Backend", "BadBackend", "Worker", "find"]

_KNOWN = {one.name: one for one in (celery.ON_REDIS, celery.ON_RABBITMQ, celery.BY_RPC)}


def find(name: str, worker: str = "", services: tuple[str, ...] = ()) -> Backend:
    """The backend of this name; one that is not known here needs nothing beside its implementation.

    Anyone's own is ``package.module:factory``: ``worker`` and ``services`` are what the command line says
    of it. Raises BadBackend.
    """
    if ":" in name:
        return foreign(name, worker, services)
    return _KNOWN.get(name, Backend(name))
