"""The manager that Dash Labs has for Celery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl_dash_style.caching import CachePolicy
from impl_dash_style.celery_manager import (
    CeleryManager,
    SharedStore,
    checked_backend,
    redis_shared_store,
)

if TYPE_CHECKING:
    from celery import Celery


class CeleryCallbackManager(CeleryManager):
    """Runs jobs in the workers of a Celery app.

    With results in ``rpc://``, a run is known to the server process alone that started it, as with Celery
    itself. A program then has one server process; a poll that reaches another one fails.
    """

    def __init__(self, celery_app: Celery) -> None:
        """Use a ``celery.Celery`` with any broker, and results in Redis or ``rpc://``.

        Raises DeclarationError for any other.
        """
        self._open(celery_app, _shared_store(celery_app), CachePolicy())


def _shared_store(celery_app: Celery) -> SharedStore:
    backend = checked_backend(celery_app)

    # Here: programs without Celery need neither it nor Kombu.
    from celery.backends.rpc import RPCBackend

    if not isinstance(backend, RPCBackend):
        return redis_shared_store(celery_app)

    from impl_dash_style.labs.broker_rpc import BrokerSharedStore

    return BrokerSharedStore(celery_app)
