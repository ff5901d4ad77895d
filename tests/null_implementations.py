"""Implementations that run no job: a test that passes against one of them decides nothing.

``idle`` serves its pages right and then does nothing; ``constant`` answers whatever is done with the same
word at once, the one that most tests wait for; ``refusing`` ends with an error whatever the program. None
ever runs a job.
"""

from __future__ import annotations

import dataclasses
import functools
import http.client
import json
from collections.abc import Mapping
from typing import Any

from callback_conformance.adapters import Adapter
from callback_conformance.adapters.dash.renderer.ids import parsed, protocol_id, protocol_property
from callback_conformance.adapters.dash.wire import DashWireTab
from callback_conformance.adapters.taipy.push_tab import PushTab
from callback_conformance.adapters.taipy.screen import Element, Screen
from callback_conformance.page.tab import REQUEST_SECONDS
from callback_conformance.processes import Launch
from callback_conformance.scenario import (
    Action,
    Appended,
    Background,
    BarFigure,
    Callback,
    Component,
    Dependency,
    Ordinary,
    Plain,
    Scenario,
    leaves,
)

CONSTANT = "done"

#: A server that answers a path with a text, and what is posted to it with nothing, or the constant.
SERVER = """\
import http.server
import json
import os

TEXTS = json.loads({texts!r})
ANSWERS = {answers!r}


def flat(outputs):
    return [one for part in outputs for one in flat(part)] if isinstance(outputs, list) else [outputs]


def text(id):
    return id if isinstance(id, str) else json.dumps(id, sort_keys=True, separators=(",", ":"))


class Requests(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, TEXTS[self.path])

    def do_POST(self):
        posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        response = {{}}
        for one in flat(posted.get("outputs") or []) if ANSWERS else []:
            response.setdefault(text(one["id"]), {{}})[one["property"]] = {constant!r}
        body = json.dumps({{"multi": True, "response": response}}) if ANSWERS else ""
        self.answer(200 if ANSWERS else 204, body)

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    http.server.ThreadingHTTPServer.request_queue_size = 64  # for pages that connect at once
    http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Requests).serve_forever()
"""


def _program(texts: Mapping[str, Any], answers: bool) -> str:
    bodies = json.dumps({path: json.dumps(value) for path, value in texts.items()})
    return SERVER.format(texts=bodies, answers=answers, constant=CONSTANT)


def launch(scenario: Scenario, backend: str) -> Launch:
    """The port is given in the environment."""
    return Launch(environment={"PORT": "{port}"})


# The Dash dialects: the layout and the callbacks as Dash lists them.


def _layout(scenario: Scenario) -> Any:
    children = [_served(component) for component in scenario.components]
    return {"type": "Div", "namespace": "html", "props": {"children": children}}


def _served(component: Component) -> Any:
    id = parsed(protocol_id(component.id))
    props = {"id": id, **{name: _plain(value) for name, value in component.props.items()}}
    return {"type": component.kind, "namespace": "html", "props": props}


def _plain(value: Any) -> Any:
    """A value as JSON has it. A figure is a bar; a patch, and a mistake in the place of a value, is nothing."""
    if isinstance(value, BarFigure):
        return {"data": [{"type": "bar", "x": [value.value]}], "layout": {}}
    return None if isinstance(value, (Appended, Dependency, Plain)) else value


def _listed(callback: Callback) -> list[Any]:
    """A callback, its twins, and the callbacks of its cancel inputs, as a server lists them."""
    assert isinstance(callback, (Background, Ordinary))
    entry = {
        "output": _output(callback),
        "inputs": [_dependency(prop) for prop in leaves(callback.inputs)],
        "state": [_dependency(prop) for prop in leaves(callback.state)],
        "prevent_initial_call": not callback.initial,
        "background": None,
    }
    if isinstance(callback, Ordinary):
        return [entry]
    entry["background"] = {"interval": callback.interval_ms}
    entry["running"] = _running(callback)
    twins = [
        {**entry, "output": out, "inputs": [_dependency(go)]} for out, go in callback.duplicates
    ]
    cancels = [
        {**entry, "output": f"{protocol_id(prop.partition('.')[0])}.id", "inputs": [_dependency(prop)],
         "state": [], "background": None, "running": None, "prevent_initial_call": True}
        for prop in leaves(callback.cancel)
    ]  # fmt: skip
    return [entry, *twins, *cancels]


def _running(callback: Background) -> Any:
    held = [
        (protocol_property(prop), _plain(values[0]), _plain(values[-1]))
        for entry, *values in callback.running
        for prop in leaves(entry)
        if values
    ]
    return {
        "running": {prop: value for prop, value, _ in held},
        "runningOff": {prop: value for prop, _, value in held},
    }


def _output(callback: Background | Ordinary) -> str:
    outputs = [protocol_property(prop) for prop in leaves(callback.output)]
    if not outputs:
        return callback.name
    return outputs[0] if isinstance(callback.output, str) else f"..{'...'.join(outputs)}.."


def _dependency(prop: str) -> dict[str, str]:
    component, _, name = prop.partition(".")
    return {"id": protocol_id(component), "property": name}


def _dash(answers: bool) -> Any:
    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        listed = [entry for callback in scenario.callbacks for entry in _listed(callback)]
        once = list({entry["output"]: entry for entry in listed}.values())
        texts = {"/": "", "/_dash-layout": _layout(scenario), "/_dash-dependencies": once}
        return _program(texts, answers)

    return render


idle = Adapter(
    name="idle",
    dialects=("background", "long_callback", "labs"),
    backends=("diskcache",),
    drivers={"wire": DashWireTab},
    distributions=("callback-conformance",),
    render=_dash(answers=False),
    launch=launch,
    released=False,
)
constant = dataclasses.replace(idle, name="constant", render=_dash(answers=True))


def _refused(scenario: Scenario, dialect: str, backend: str) -> str:
    """A program that ends at once with an error that names whatever a test may look for."""
    return f"raise ValueError({repr(scenario)!r})\n"


refusing = dataclasses.replace(idle, name="refusing", render=_refused)


# Taipy's dialect: the elements and their values, and a page that shows what each act is answered with.


class NullConnection:
    """The connection of a tab that sends a request for each act."""

    def __init__(self, url: str, screen: Screen, client: str) -> None:
        self.client = "nobody"
        self._host = url.removeprefix("http://")
        self._screen = screen

    def open(self) -> None:
        page = self._ask("GET", "/")
        self._screen.set_elements(Element(**element) for element in page["elements"])
        for variable, value in page["values"].items():
            self._screen.set_variable(variable, value)

    def act(self, button: Element, key: str) -> None:
        texts = [
            element for element in self._screen.elements.values() if element.prop == "children"
        ]
        outputs = [{"id": element.variable, "property": "value"} for element in texts]
        for variable, props in self._ask("POST", "/", {"outputs": outputs}).items():
            self._screen.set_variable(variable, props["value"])
            self._screen.add_notification("info", props["value"])
        self._screen.mark_answered(key)

    def change(self, field: Element, value: Any, key: str) -> None:
        self.act(field, key)

    def round_trip(self, key: str) -> None:
        self._ask("GET", "/")
        self._screen.mark_answered(key)

    def renew(self) -> None:
        self._ask("GET", "/")

    def close(self) -> None:
        """It keeps nothing open."""

    def _ask(self, method: str, path: str, fields: Any = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._host, timeout=REQUEST_SECONDS)
        headers = {"Connection": "close", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(fields).encode(), headers)
        answer: dict[str, Any] = json.loads(connection.getresponse().read() or "{}")
        connection.close()
        return answer.get("response", answer)


def _element(component: Component) -> dict[str, str]:
    if component.kind == "button":
        return {"id": component.id, "action": "on_action"}
    prop = "children" if component.kind == "text" else "value"
    return {"id": component.id, "prop": prop, "variable": component.id}


def _taipy(answers: bool) -> Any:
    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        assert all(
            isinstance(callback, (Action, Background, Ordinary)) for callback in scenario.callbacks
        )
        elements = [_element(component) for component in scenario.components]
        named = [component for component in scenario.components if component.kind != "button"]
        values = {
            component.id: component.props.get("children", component.props.get("value"))
            for component in named
        }
        return _program({"/": {"elements": elements, "values": values}}, answers)

    return render


idle_taipy = dataclasses.replace(
    idle,
    name="idle_taipy",
    dialects=("taipy",),
    drivers={"wire": functools.partial(PushTab, NullConnection)},
    render=_taipy(answers=False),
)
constant_taipy = dataclasses.replace(idle_taipy, name="constant_taipy", render=_taipy(answers=True))
