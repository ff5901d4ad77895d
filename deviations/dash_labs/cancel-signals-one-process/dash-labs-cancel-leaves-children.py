"""Dash Labs: what a cancelled job has started goes on.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

try:
    import multiprocessing

    import dash_html_components as html
    import dash_labs as dl
    from dash import Dash
    from dash_labs import plugins
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def manager(folder: str) -> Any:
    """Return the manager of this release: on Flask-Caching in 0.3, on diskcache in 0.4."""
    if hasattr(plugins, "FlaskCachingCallbackManager"):
        from flask_caching import Cache

        cache = Cache(config={"CACHE_TYPE": "filesystem", "CACHE_DIR": folder})
        return plugins.FlaskCachingCallbackManager(cache)
    import diskcache

    return plugins.DiskcacheCachingCallbackManager(diskcache.Cache(folder))


def build(folder: str, started: Any) -> Any:
    """Return an app whose job starts a program."""
    app = Dash(
        __name__,
        plugins=[
            dl.plugins.FlexibleCallbacks(),
            dl.plugins.HiddenComponents(),
            dl.plugins.LongCallback(manager(folder)),
        ],
        prevent_initial_callbacks=True,
    )
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        cancel=[dl.Input("cancel", "n_clicks")],
    )
    def job(n_clicks: int) -> str:
        child = subprocess.Popen(["sleep", "60"])
        started.send(child.pid)
        child.wait()
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
    here, there = multiprocessing.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        page = Page(build(folder, there))
        page.change("run.n_clicks", 1)
        [job] = multiprocessing.active_children()
        child = here.recv()
        page.change("cancel.n_clicks", 1)
        job.join(10)
    try:
        os.kill(child, signal.SIGKILL)  # of a process that has ended this fails
        alive = True
    except ProcessLookupError:
        alive = False
    print("expected: the job and its child are stopped")
    print(
        f"seen: the job is {'alive' if job.is_alive() else 'stopped'}, its child is {'alive' if alive else 'stopped'}"
    )
    return 1 if alive else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
