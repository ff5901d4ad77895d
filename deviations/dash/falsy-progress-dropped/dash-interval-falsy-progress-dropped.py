"""Dash: progress that is false is taken for none.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, html
    from dash.dependencies import Input, Output
    from dash.long_callback import DiskcacheLongCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def build(folder: str, reported: Any, gate: Any) -> Any:
    """Return an app whose job reports 0, and waits until it may go on."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder))
    app = Dash(__name__, long_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.P(id="count"), html.Div(id="out")])

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("run", "n_clicks"),
        progress=Output("count", "children"),
        prevent_initial_call=True,
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress(0)
        reported.release()
        gate.acquire()
        return "done"

    return app


def ended() -> None:
    """Wait until each job's process has ended."""
    for process in multiprocess.active_children():
        process.join(10)


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
    reported, gate = multiprocess.Semaphore(0), multiprocess.Semaphore(0)
    with tempfile.TemporaryDirectory() as folder:
        page = Page(build(folder, reported, gate))
        page.change("run.n_clicks", 1)
        reported.acquire()
        seen = page.tick().get("count.children")
        gate.release()
        ended()
    print("expected: count.children is 0")
    print(f"seen: {seen!r}")
    return 0 if seen == 0 and seen is not None else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
