"""Dash: a cancel that finds no job changes what `running` names.

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


def build(folder: str) -> Any:
    """Return an app with a note in `running`."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder))
    app = Dash(__name__, long_callback_manager=manager)
    app.layout = html.Div(
        [
            html.Button(id="run"),
            html.Button(id="cancel"),
            html.P("idle", id="note"),
            html.Div(id="out"),
        ]
    )

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("run", "n_clicks"),
        running=[(Output("note", "children"), "busy", "over")],
        cancel=[Input("cancel", "n_clicks")],
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> str:
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
    with tempfile.TemporaryDirectory() as folder:
        page = Page(build(folder))
        page.change("cancel.n_clicks", 1)
    print("expected: note.children is idle")
    print(f"seen: {page.values['note.children']}")
    return 0 if page.values["note.children"] == "idle" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
