"""The backends: where jobs run, and what has to run for them."""

from __future__ import annotations

from callback_conformance.backends import celery
from callback_conformance.backends.backend import Backend, Worker
from callback_conformance.backends.capability import IN_A_FOLDER, Capability
from callback_conformance.backends.third_party import BadBackend, third_party

__all__ = ["Backend", "BadBackend", "Capability", "Worker", "find"]

_IN_A_FOLDER = [Backend(name, capabilities=IN_A_FOLDER) for name in ("diskcache", "flask_caching")]
_ON_CELERY = [celery.ON_REDIS, celery.ON_RABBITMQ, celery.BY_RPC]
_BUILT_IN = {backend.name: backend for backend in (*_IN_A_FOLDER, *_ON_CELERY)}


def find(name: str, worker: str = "", services: tuple[str, ...] = ()) -> Backend:
    """The backend of this name. One that is neither built in nor third-party needs nothing beside its
    implementation.

    A third-party backend is ``package.module:factory``; ``worker`` and ``services`` are what the command
    line declares of it. Raises BadBackend.
    """
    if ":" in name:
        return third_party(name, worker, services)
    return _BUILT_IN.get(name, Backend(name))
