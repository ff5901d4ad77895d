"""Dash Labs: mistakes in the options of a long callback are not named.

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


def declare(**options: Any) -> str:
    """Declare a callback with these options; return the words of the error, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        kinds = dl.plugins
        more = [kinds.FlexibleCallbacks(), kinds.HiddenComponents()]
        app = Dash(__name__, plugins=[*more, kinds.LongCallback(manager(folder))])
        try:
            app.long_callback(
                output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"), **options
            )(lambda *arguments: "done")
        except Exception as error:
            return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return ""


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


MISTAKES: Any = [
    ("running", {"running": [(dl.Output("run", "disabled"), True)]}),
    ("cancel", {"cancel": [dl.Output("run", "n_clicks")]}),
    ("progress", {"progress": dl.Input("bar", ("value", "max"))}),
]


def main() -> int:
    wrong = 0
    for name, options in MISTAKES:
        said = declare(**options)
        print(f"expected: an error that names {name}")
        print(f"seen: {said or 'the callback was declared'}")
        wrong += name not in said
    return int(wrong > 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
