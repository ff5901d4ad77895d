"""Dash: with two Celery apps, a job writes its result into the result backend of the other."""

from typing import Any, ClassVar

from celery import Celery
from celery.backends.base import KeyValueStoreBackend
from dash import CeleryManager, Dash, Input, Output, html

from deviations.common.dash_page import Callback, Page

CALLBACKS = range(10)  # which of them are confused is chance


class Memory(KeyValueStoreBackend):
    """A result backend that keeps everything in this process, for its own Celery app alone."""

    results: ClassVar[dict[str, dict[Any, Any]]] = {"fast": {}, "slow": {}}

    def get(self, key: Any) -> Any:
        return self.results[self.app.main].get(key)

    def set(self, key: Any, value: Any) -> None:
        self.results[self.app.main][key] = value

    def delete(self, key: Any) -> None:
        self.results[self.app.main].pop(key, None)


def program() -> Dash:
    """Return an app in which two managers have every second callback each."""
    queues = [
        Celery(queue, broker="memory://", backend=f"{__name__}:Memory") for queue in Memory.results
    ]
    for celery_app in queues:
        celery_app.conf.task_always_eager = True  # a trigger runs the task that a worker would run
    managers = [CeleryManager(celery_app) for celery_app in queues]
    app = Dash(__name__)
    buttons = [html.Button(id=f"run-{number}") for number in CALLBACKS]
    app.layout = html.Div([*buttons, *(html.Div(id=f"out-{number}") for number in CALLBACKS)])
    for number in CALLBACKS:

        @app.callback(
            Output(f"out-{number}", "children"),
            Input(f"run-{number}", "n_clicks"),
            background=True,
            manager=managers[number % 2],
        )
        def job(n_clicks: int) -> str:
            return "done"

    for celery_app in queues:
        celery_app.finalize()  # as a worker does when it starts
    return app


def is_shown(callback: Callback) -> bool:
    """Click on a button, and tell whether the first poll after the job's end brings its result."""
    return "done" in callback.poll(callback.start()).text


def deviates() -> bool:
    page = Page(program())
    callbacks = [
        Callback(page, f"out-{number}.children", f"run-{number}.n_clicks") for number in CALLBACKS
    ]
    shown = [number for number in CALLBACKS if is_shown(callbacks[number])]
    print("expected: each callback's result is in the result backend of its own manager, and shown")
    print(f"seen: of {len(CALLBACKS)} callbacks, those that show their result are {shown}")
    return len(shown) < len(CALLBACKS)
