"""Dash Labs: with Celery, a job whose worker was killed is waited for without end.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

try:
    import dash_html_components as html
    import dash_labs as dl
    from celery import Celery
    from dash import Dash
    from dash_labs.plugins import CeleryCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

there, here = multiprocessing.Pipe(duplex=False)
SECONDS = 5  # a worker that lives would have answered within a hundredth of one


def build(folder: str) -> tuple[Any, Celery]:
    """Return an app whose job tells which process it has, and waits; and its Celery app."""
    celery_app = Celery(__name__, broker="filesystem://", backend=f"file://{folder}")
    folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
    celery_app.conf.broker_transport_options = {**folders, "polling_interval": 0.01}
    app = Dash(
        __name__,
        plugins=[
            dl.plugins.FlexibleCallbacks(),
            dl.plugins.HiddenComponents(),
            dl.plugins.LongCallback(CeleryCallbackManager(celery_app)),
        ],
        prevent_initial_callbacks=True,
    )
    app.layout = html.Div([html.Button(id="run"), html.P("idle", id="note"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        running=[(dl.Output("note", "children"), "busy", "over")],
    )
    def job(n_clicks: int) -> str:
        here.send(os.getpid())
        signal.pause()
        return "done"

    return app, celery_app


def work(celery_app: Celery) -> None:
    """Be a worker."""
    alone = ("--without-mingle", "--without-gossip", "--without-heartbeat")
    celery_app.worker_main(["worker", "--pool", "solo", "--loglevel", "ERROR", *alone])


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
    with tempfile.TemporaryDirectory() as folder:
        app, celery_app = build(folder)
        worker = multiprocessing.get_context("fork").Process(target=work, args=(celery_app,))
        worker.start()
        try:
            page = Page(app)
            page.change("run.n_clicks", 1)
            if not there.poll(20):
                raise RuntimeError("the job did not start")
        finally:
            worker.kill()
            worker.join()
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and page.values["note.children"] == "busy":
            page.tick()
    note = page.values["note.children"]
    print("expected: after the worker of the job was killed, note.children is over")
    print(f"seen: after {SECONDS} s of questions it is {note}")
    return 0 if note == "over" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
