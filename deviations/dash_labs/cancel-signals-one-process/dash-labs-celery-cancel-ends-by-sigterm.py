"""Dash Labs: with Celery, a cancelled job that ignores SIGTERM goes on.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import select
import signal
import sys
from collections.abc import Iterator
from typing import Any

try:
    import dash_html_components as html
    import dash_labs as dl
    from billiard import active_children
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
    from dash import Dash
    from dash_labs.plugins import CeleryCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

there, here = multiprocessing.Pipe(duplex=False)
celery_app = Celery(__name__, broker="memory://", backend="cache+memory://")
celery_app.conf.broker_transport_options = {"polling_interval": 0.01}
celery_app.conf.worker_hijack_root_logger = False


def build() -> Any:
    """Return an app whose job tells which process it has, and waits; it ignores SIGTERM if asked to."""
    app = Dash(
        __name__,
        plugins=[
            dl.plugins.FlexibleCallbacks(),
            dl.plugins.HiddenComponents(),
            dl.plugins.LongCallback(CeleryCallbackManager(celery_app)),
        ],
        prevent_initial_callbacks=True,
    )
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "value"),
        cancel=[dl.Input("cancel", "n_clicks")],
    )
    def job(kind: str) -> None:
        if kind == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        here.send(os.getpid())
        while True:
            signal.pause()

    return app


def ends_when_cancelled(page: Page, kind: str) -> bool:
    """Start a job, cancel it, and tell whether the process that it tells of ends within five seconds."""
    page.change("run.value", kind)
    if not there.poll(10):
        raise RuntimeError("the job did not start")
    process = os.pidfd_open(there.recv())
    page.change("cancel.n_clicks", 1)
    ended, _, _ = select.select([process], [], [], 5)  # it takes a hundredth of a second
    if not ended:
        signal.pidfd_send_signal(process, signal.SIGKILL)
    return bool(ended)


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
    worker = start_worker(celery_app, pool="prefork", concurrency=2, perform_ping_check=False)
    worker.__enter__()  # it is left by the end of this process
    plain = ends_when_cancelled(page, "plain")
    other = ends_when_cancelled(page, "stubborn")
    if not plain:
        raise RuntimeError("a plain job does not end when it is cancelled")
    print("expected: the process of a job that ignores SIGTERM ends when it is cancelled")
    print(f"seen: {'it has ended' if other else 'it lives on'}")
    return 0 if other else 1


if __name__ == "__main__":
    status = 2
    try:
        status = main()
    except Exception:
        logging.exception("undecided")
    finally:
        for process in active_children():
            os.kill(process.pid, signal.SIGKILL)
    sys.stdout.flush()
    os._exit(status)  # the worker's threads wait for the processes of its pool
