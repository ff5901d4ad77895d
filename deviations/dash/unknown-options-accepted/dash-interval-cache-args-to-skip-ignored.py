"""Dash: `cache_args_to_skip` of a long callback is accepted and has no effect.

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


def build(folder: str, option: str, skipped: Any) -> Any:
    """Return an app that caches, and leaves its only argument out of the key."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(__name__, long_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("value", "data"),
        prevent_initial_call=True,
        **{option: skipped},
    )
    def job(value: Any) -> str:
        if not first:
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


def is_served(app: Any, stored: Any, asked: Any) -> bool:
    """Tell whether the result that is stored for one value is shown for the other: the job that this
    starts waits, so that no result is there but the stored one."""
    page, other = Page(app), Page(app)
    page.change("value.data", stored)
    ended()
    page.tick()
    if page.values.get("out.children") != "result 1":
        raise RuntimeError(f"the first run shows {page.values.get('out.children')}")
    shown = other.change("value.data", asked)
    for process in multiprocess.active_children():
        process.kill()
        process.join(10)
    return shown.get("out.children") == "result 1"


def outcome(option: str, skipped: Any) -> str:
    """What becomes of a program with this option: refused, shown (for another argument), or neither."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            app = build(folder, option, skipped)
        except (TypeError, ValueError) as refusal:
            return f"refused: {refusal}"
        return "shown" if is_served(app, 1, 2) else "no effect"


def main() -> int:
    if (known := outcome("cache_args_to_ignore", [0])) != "shown":
        print(f"undecided: with cache_args_to_ignore=[0]: {known}")
        return 2
    print("expected: the argument is left out of the key; an index that there is not is refused")
    seen = {index: outcome("cache_args_to_skip", [index]) for index in (0, 7)}
    for index, what in seen.items():
        print(f"seen: with cache_args_to_skip=[{index}]: {what}")
    return 0 if seen[0] == "shown" and seen[7].startswith("refused") else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
