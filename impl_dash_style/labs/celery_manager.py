"""The manager that Dash Labs has for Celery."""

from __future__ import annotations

from typing import Any

from ..caching import Policy
from ..celery_manager import CeleryManager, Keeper, backend_of, redis_keeper


class CeleryCallbackManager(CeleryManager):
    """Runs jobs in the workers of a Celery app.

    With results in `rpc://`, a run is known to the server process alone that started it, as with Celery
    itself. A program then has one server process; a page that asks another is refused.
    """

    def __init__(self, celery_app: Any) -> None:
        """Take a `celery.Celery` with any broker, and results in Redis or `rpc://`. DeclarationError."""
        self._open(celery_app, _keeper(celery_app), Policy())


def _keeper(celery_app: Any) -> Keeper:
    backend = backend_of(celery_app)

    from celery.backends.rpc import RPCBackend

    if not isinstance(backend, RPCBackend):
        return redis_keeper(celery_app)

    from .questions import ServerKeeper

    return ServerKeeper(celery_app)
