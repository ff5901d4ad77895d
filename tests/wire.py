"""A renderer whose server is a list of answers, and callbacks as a server lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callback_conformance.adapters.dash.renderer.callbacks import CallbackDefinition
from callback_conformance.adapters.dash.renderer.ids import parsed
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.renderer import Answer, Renderer
from callback_conformance.adapters.dash.renderer.versions import RendererQuirks

STARTED = {"cacheKey": "key", "job": "job-1"}
RUNNING: dict[str, Any] = {"multi": True}
DONE = {"multi": True, "response": {"out": {"children": "done"}}}


def declared(output: str, *inputs: str, state: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A callback as a server lists it in ``_dash-dependencies``."""
    return {
        "output": output,
        "inputs": [dict(zip(("id", "property"), prop.split("."), strict=True)) for prop in inputs],
        "state": [dict(zip(("id", "property"), prop.split("."), strict=True)) for prop in state],
        "prevent_initial_call": True,
        **more,
    }


def job_for(output: str = "out.children", trigger: str = "run.n_clicks", **more: Any) -> Any:
    """A background callback as a server lists it."""
    return declared(output, trigger, background={"interval": 100}, **more)


def holds(during: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a callback with ``running``."""
    return {"running": dict(during), "runningOff": dict(after)}


def components(values: Mapping[str, Any]) -> list[Any]:
    """The components that have these properties, as a server serves them; an Interval is known by its own."""
    props: dict[str, dict[str, Any]] = {}
    for prop, value in values.items():
        id, _, name = prop.rpartition(".")
        props.setdefault(id, {"id": parsed(id)})[name] = value
    kinds = ("Div", "Interval")
    return [
        {"type": kinds["interval" in component], "props": component} for component in props.values()
    ]


class Wire:
    """A renderer whose server gives the answers of a list; ``seen`` is what happened, in order."""

    def __init__(self, *callbacks: dict[str, Any], index: str = "", **values: Any) -> None:
        self.seen: list[str] = []
        self.requests: list[tuple[list[tuple[str, str]], dict[str, Any], bool]] = []
        self.answers: list[Answer] = []
        shown = {name.replace("__", "."): value for name, value in values.items()}
        values_of_all = {"run.id": "run", "out.id": "out", "cancel.id": "cancel", **shown}
        layout = Layout({"type": "Div", "props": {"children": components(values_of_all)}})
        quirks = RendererQuirks.of(index)
        self.page = Renderer(
            map(CallbackDefinition.of, callbacks), layout, self._send, self._saw, quirks=quirks
        )

    def start(self, *answers: Any) -> Wire:
        """Load the page."""
        self.gives(*answers)
        self.page.start()
        return self

    def act(self, prop: str, value: Any, *answers: Any) -> Wire:
        """The user changes a property; the server gives these answers."""
        self.gives(*answers)
        self.page.act(prop, value)
        return self

    def poll(self, *answers: Any) -> Wire:
        """The page polls; the server gives these answers."""
        self.gives(*answers)
        self.page.poll()
        return self

    @property
    def queries(self) -> list[dict[str, str]]:
        """The query of each request."""
        return [dict(query) for query, _, _ in self.requests]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The body of each request."""
        return [body for _, body, _ in self.requests]

    @property
    def asked(self) -> list[str]:
        """The callback of each request."""
        return [body["output"] for body in self.bodies]

    def get(self, prop: str) -> Any:
        """What a property shows."""
        return self.page.get(prop)

    def gives(self, *answers: Any) -> None:
        """The server's next answers: bodies, or statuses (0 for a lost connection)."""
        responses = [Answer(answer) if isinstance(answer, int) else answer for answer in answers]
        self.answers += [
            response if isinstance(response, Answer) else Answer(200, response)
            for response in responses
        ]

    def _send(self, query: list[tuple[str, str]], body: dict[str, Any], poll: bool) -> Answer:
        self.requests.append((query, body, poll))
        self.seen.append(f"{'polls' if poll else 'sends'} {body['output']}")
        return self.answers.pop(0)

    def _saw(self, what: str, **facts: Any) -> None:
        if what == "shows":
            self.seen.append(f"{facts['source']}: {facts['prop']}={facts['value']}")
