"""The manager that Dash Labs has for Celery."""

from __future__ import annotations

from typing import Any

from ..celery_manager import CeleryManager


class CeleryCallbackManager(CeleryManager):
    """Runs jobs in the workers of a Celery app."""

    def __init__(self, celery_app: Any) -> None:
        """Take a `celery.Celery` with any broker, whose result backend is Redis. DeclarationError."""
        super().__init__(celery_app)
