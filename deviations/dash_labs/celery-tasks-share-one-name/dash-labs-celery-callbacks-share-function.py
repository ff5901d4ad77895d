"""Dash Labs: with Celery, every long callback of a program calls the function of one of them.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

try:
    import dash_html_components as html
    import dash_labs as dl
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
    from dash import Dash
    from dash_labs.plugins import CeleryCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

celery_app = Celery(__name__, broker="memory://", backend="cache+memory://")
celery_app.conf.broker_transport_options = {"polling_interval": 0.01}
called: list[str] = []
over = threading.Semaphore(0)


def build() -> Any:
    """Return an app with two callbacks, whose functions tell that they are called."""
    app = Dash(
        __name__,
        plugins=[
            dl.plugins.FlexibleCallbacks(),
            dl.plugins.HiddenComponents(),
            dl.plugins.LongCallback(CeleryCallbackManager(celery_app)),
        ],
        prevent_initial_callbacks=True,
    )
    ids = ("first", "second")
    parts = [*(html.Button(id=id) for id in ids), html.Div(id="out"), html.Div(id="other")]
    app.layout = html.Div(parts)

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("first", "n_clicks"))
    def first(n_clicks: int) -> str:
        called.append("first")
        over.release()
        return "done"

    @app.long_callback(output=dl.Output("other", "children"), args=dl.Input("second", "n_clicks"))
    def second(n_clicks: int) -> str:
        called.append("second")
        over.release()
        return "done"

    return app


class Page:
    """What the renderer of that time does: a tick of the hidden timer asks for news of the job."""

    def __init__(self, app: Any) -> None:
        self.http = app.server.test_client()
        self.values = dict(found(self.http.get("/_dash-layout").json))
        self.specs = self.http.get("/_dash-dependencies").json

    def change(self, prop: str, value: Any) -> Any:
        """Give a property a value, call its callback, apply the answer and return it."""
        self.values[prop] = value
        [spec] = [one for one in self.specs if prop in map(name, one["inputs"])]
        outputs = spec["output"].strip(".").split("...")
        pairs = [one.rpartition(".") for one in outputs]
        body = {
            "output": spec["output"],
            "outputs": [{"id": parsed(id), "property": prop} for id, _, prop in pairs],
            "inputs": [self.valued(one) for one in spec["inputs"]],
            "state": [self.valued(one) for one in spec["state"]],
            "changedPropIds": [prop],
        }
        answer = self.http.post("/_dash-update-component", json=body)
        response = answer.json.get("response", {}) if answer.status_code == 200 else {}
        told = {f"{id}.{one}": new for id, given in response.items() for one, new in given.items()}
        self.values.update(told)
        return told

    def tick(self) -> Any:
        """Let the timer tick once."""
        [timer] = [name(i) for spec in self.specs for i in spec["inputs"] if "n_int" in name(i)]
        return self.change(timer, (self.values.get(timer) or 0) + 1)

    def valued(self, dependency: dict[str, str]) -> dict[str, Any]:
        given = {"id": parsed(dependency["id"]), "property": dependency["property"]}
        return {**given, "value": self.values.get(name(dependency))}


def name(dependency: dict[str, str]) -> str:
    return f"{dependency['id']}.{dependency['property']}"


def parsed(id: str) -> Any:
    return json.loads(id) if id.startswith("{") else id


def found(part: Any) -> Iterator[tuple[str, Any]]:
    """The properties in a layout."""
    if isinstance(part, list):
        for one in part:
            yield from found(one)
    elif isinstance(part, dict) and "props" in part:
        id = part["props"].get("id")
        if isinstance(id, dict):
            id = json.dumps(id, sort_keys=True, separators=(",", ":"))
        yield from ((f"{id}.{prop}", value) for prop, value in part["props"].items() if id)
        yield from found(part["props"].get("children"))


def main() -> int:
    page = Page(build())
    with start_worker(celery_app, perform_ping_check=False):
        for button in ("first", "second"):
            page.change(f"{button}.n_clicks", 1)
            if not over.acquire(timeout=10):
                raise RuntimeError(f"no function was called for {button}")
    print("expected: the functions first and second are called, one after the other")
    print(f"seen: {' and '.join(called)}")
    return 0 if called == ["first", "second"] else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
