"""Dash Labs: a Celery app that keeps no results is accepted."""

import dash_labs as dl
from celery import Celery
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.declaration import error_of
from deviations.common.labs import labs_app


def program(**backend: str) -> None:
    """Declare a long callback whose Celery app has this result backend."""
    app = labs_app(CeleryCallbackManager(Celery("jobs", broker="memory://", **backend)))

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        return "done"


def deviates() -> bool:
    program(backend="cache+memory://")
    error = error_of(program)
    print("expected: a Celery app without a result backend is refused")
    print(f"seen: {error or 'it is accepted'}")
    return not error
