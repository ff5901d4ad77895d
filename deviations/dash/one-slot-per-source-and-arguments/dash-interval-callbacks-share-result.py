"""Dash: two long callbacks of equal source share one cached result.

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
    from dash import Dash, dcc, html
    from dash.dependencies import Input, Output
    from dash.long_callback import DiskcacheLongCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def build(folder: str) -> Any:
    """Return an app with one callback of the same source for each side."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(__name__, long_callback_manager=manager)
    sides = ("left", "right")
    stores = [dcc.Store(id=f"{side}-value") for side in sides]
    app.layout = html.Div([*stores, *(html.Div(id=side) for side in sides)])

    def connect(side: str) -> None:
        @app.long_callback(
            output=Output(side, "children"),
            inputs=Input(f"{side}-value", "data"),
            prevent_initial_call=True,
        )
        def job(value: int) -> str:
            return f"for the {side}"

    for side in sides:
        connect(side)
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
        data, kind = json.dumps(body), "application/json"  # as it stands, with its order
        answer = self.http.post("/_dash-update-component", data=data, content_type=kind)
        response = answer.json["response"] if answer.status_code == 200 else {}
        told = {f"{id}.{one}": new for id, given in response.items() for one, new in given.items()}
        self.values.update(told)
        return told

    def tick(self, side: str) -> Any:
        """Let the timer of a callback tick once."""
        [spec] = [one for one in self.specs if f"{side}.children" in one["output"]]
        [timer] = [name(i) for i in spec["inputs"] if "n_int" in name(i)]
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
        page.change("left-value.data", 1)
        ended()
        page.tick("left")
        shown = page.change("right-value.data", 1)
    left = page.values.get("left.children")
    if left != "for the left":
        print(f"undecided: the left shows {left}")
        return 2
    print("expected: the right shows nothing of the left")
    print(f"seen: the right shows {shown.get('right.children')}")
    return 1 if shown.get("right.children") == "for the left" else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
