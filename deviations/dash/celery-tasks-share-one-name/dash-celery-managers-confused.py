"""Dash: with two Celery apps, a job writes its result into the result backend of the other.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, ClassVar

try:
    from celery import Celery
    from celery.backends.base import KeyValueStoreBackend
    from dash import CeleryManager, Dash, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

CALLBACKS = range(10)  # which of them are confused is chance


class Memory(KeyValueStoreBackend):
    """A result backend that keeps everything in this process, for its own Celery app alone."""

    kept: ClassVar[dict[str, dict[Any, Any]]] = {"mine": {}, "theirs": {}}

    def get(self, key: Any) -> Any:
        return self.kept[self.app.main].get(key)

    def set(self, key: Any, value: Any) -> None:
        self.kept[self.app.main][key] = value

    def delete(self, key: Any) -> None:
        self.kept[self.app.main].pop(key, None)


def serve() -> Any:
    """Return an HTTP client of an app in which two managers have every second callback each."""
    apps = [Celery(name, broker="memory://", backend=f"{__name__}:Memory") for name in Memory.kept]
    for celery_app in apps:
        celery_app.conf.task_always_eager = True  # a trigger runs the task that a worker would run
    managers = [CeleryManager(celery_app) for celery_app in apps]
    app = Dash(__name__)
    buttons = [html.Button(id=f"run-{n}") for n in CALLBACKS]
    app.layout = html.Div([*buttons, *(html.Div(id=f"out-{n}") for n in CALLBACKS)])
    for n in CALLBACKS:

        @app.callback(
            Output(f"out-{n}", "children"),
            Input(f"run-{n}", "n_clicks"),
            background=True,
            manager=managers[n % 2],
        )
        def job(n_clicks: int) -> str:
            return "done"

    for celery_app in apps:
        celery_app.finalize()  # as a worker does when it starts
    return app.server.test_client()


def send(http: Any, n: int, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with handles, a poll."""
    body = {
        "output": f"out-{n}.children",
        "outputs": {"id": f"out-{n}", "property": "children"},
        "inputs": [{"id": f"run-{n}", "property": "n_clicks", "value": clicks}],
        "changedPropIds": [f"run-{n}.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def is_shown(http: Any, n: int) -> bool:
    """Click on a button, and tell whether the first poll after the job's end brings its result."""
    started = send(http, n, 1).json
    answer = send(http, n, None, cacheKey=started["cacheKey"], job=started["job"])
    return "done" in answer.text


def main() -> int:
    http = serve()
    shown = [n for n in CALLBACKS if is_shown(http, n)]
    print("expected: each callback's result is in the result backend of its own manager, and shown")
    print(f"seen: of {len(CALLBACKS)} callbacks, those that show their result are {shown}")
    return 1 if len(shown) < len(CALLBACKS) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
