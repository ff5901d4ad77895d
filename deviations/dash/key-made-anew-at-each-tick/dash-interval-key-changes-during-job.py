"""Dash: a job is stopped and started anew when a value of `cache_by` changes while it runs.

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

gate, gate_opener = multiprocess.Pipe(duplex=False)  # nobody opens it


def build(folder: str, versions: Any) -> Any:
    """Return an app that caches by the last of some versions, and whose jobs wait."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: versions[-1]])
    app = Dash(__name__, long_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("value", "data"),
        prevent_initial_call=True,
    )
    def job(value: Any) -> str:
        gate.recv()
        return f"result {first.pop()}"

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
        versions = diskcache.Deque([1], folder + "/versions")
        page = Page(build(folder, versions))
        page.change("value.data", 1)
        [job] = multiprocess.active_children()
        versions.append(2)
        page.tick()
        others = set(multiprocess.active_children()) - {job}
    print("expected: no other job is started, and this one's result is shown when it has ended")
    print(f"seen: after one tick of the timer {len(others)} others")
    return 1 if others else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
