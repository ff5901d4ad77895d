"""What the Dash renderer does in a browser, step by step, without a browser.

It follows ``actions/callbacks.ts`` of Dash 4.4: which callbacks are called when, what each request
carries, in which order an answer is applied, and what is forgotten when a connection is lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.pages.tab import TabError

Updates = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status (0 when the connection was lost) and body."""

    status: int
    body: Any = None


class Send(Protocol):
    """Posts one callback request."""

    def __call__(
        self, query: list[tuple[str, str]], body: dict[str, Any], poll: bool
    ) -> Answer: ...


@dataclass(frozen=True)
class Spec:
    """One entry of ``_dash-dependencies``."""

    output: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    state: tuple[str, ...]
    prevent_initial_call: bool
    background: bool
    running: Updates
    running_off: Updates
    multi: bool

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Spec:
        """Read an entry as the server serves it."""
        output = entry["output"]
        multi = output.startswith("..")
        names = output[2:-2].split("...") if multi else [output] if "." in output else []
        running = entry.get("running") or {}
        return cls(
            output=output,
            outputs=tuple(name.partition("@")[0] for name in names),
            inputs=tuple(f"{i['id']}.{i['property']}" for i in entry["inputs"]),
            state=tuple(f"{s['id']}.{s['property']}" for s in entry["state"]),
            prevent_initial_call=bool(entry.get("prevent_initial_call")),
            background=bool(entry.get("background") or entry.get("long")),
            running=running.get("running", {}),
            running_off=running.get("runningOff", {}),
            multi=multi,
        )


@dataclass(eq=False)
class Call:
    """One call of a callback: waiting to be sent, or sent and polled for."""

    spec: Spec
    changed: set[str]
    body: dict[str, Any] = field(default_factory=dict)
    cache_key: str = ""
    job: str = ""
    cancels: tuple[str, ...] = ()
    progress_default: Updates = field(default_factory=dict)
    outdated: bool = False


class Renderer:
    """The state of one tab: property values, calls under way, the table of known jobs."""

    def __init__(
        self,
        specs: Iterable[Spec],
        values: dict[str, Any],
        send: Send,
        saw: Callable[..., object],
    ) -> None:
        self.specs = tuple(specs)
        self.values = values
        self.errors: list[TabError] = []
        self.requested: list[Call] = []
        self.polling: list[Call] = []
        self.jobs: list[Call] = []
        self._ids = {prop.partition(".")[0] for prop in values}
        self._send = send
        self._saw = saw
        self._held: list[tuple[Call, Answer]] | None = None
        self._newest: dict[str, Call] = {}

    def start(self) -> None:
        """Make the calls of a page that has just been loaded."""
        for spec in self.specs:
            if not spec.prevent_initial_call and self._present((*spec.outputs, *spec.inputs)):
                self._add(Call(spec, set()))
        self.run()

    def act(self, prop: str, value: Any) -> None:
        """The user changes a property."""
        self._saw("acts", prop=prop, value=value)
        self.apply({prop: value}, "user")
        self.run()

    def hold_answers(self) -> None:
        """From now on answers are on their way: they arrive with ``deliver_answers``."""
        self._held = []

    def deliver_answers(self) -> None:
        """Let the answers that were held arrive, in the order of their requests."""
        held, self._held = self._held or [], None
        for call, answer in held:
            self._receive(call, answer)
        self.run()

    def poll(self) -> None:
        """Poll once for each job that is waited for."""
        for call in tuple(self.polling):
            query = [("cacheKey", call.cache_key), ("job", call.job)]
            self._deliver(call, self._send(query, _without_values(call.body), True))
        self.run()

    def run(self) -> None:
        """Send what can be sent, until nothing can: all payloads of a tick precede its answers."""
        while ready := self._ready():
            self.requested = [call for call in self.requested if call not in ready]
            for call in ready:
                call.body = self._body(call)
            for call in ready:
                self._execute(call)

    def apply(self, updates: Updates, source: str) -> None:
        """Give properties their values and call the callbacks that listen to them."""
        for prop, value in updates.items():
            if prop.partition(".")[0] not in self._ids:
                self.errors.append(TabError(0, f"{prop}: no such component (from {source})"))
                continue
            self.values[prop] = value
            self._saw("shows", prop=prop, value=value, source=source)
            for spec in self.specs:
                if prop in spec.inputs:
                    self._request(spec, prop)

    def _request(self, spec: Spec, prop: str) -> None:
        for call in self.requested:
            if call.spec is spec:
                call.changed.add(prop)
                return
        self._add(Call(spec, {prop}))

    def _add(self, call: Call) -> None:
        self.requested.append(call)
        self._newest[call.spec.output] = call

    def _watched(self, call: Call) -> bool:
        """What an older call of a callback brings is ignored once a newer one is requested."""
        return self._newest[call.spec.output] is call

    def _present(self, props: Iterable[str]) -> bool:
        return all(prop.partition(".")[0] in self._ids for prop in props)

    def _ready(self) -> list[Call]:
        free = [call for call in self.requested if not self._blocked(call)]
        waits = self.polling or self._held
        return free or ([] if waits else self.requested[:1])  # a circle begins somewhere

    def _blocked(self, call: Call) -> bool:
        """A call waits while another, under way or before it, may still write one of its inputs."""
        under_way = [*self.polling, *(held for held, _ in self._held or ()), *self.requested]
        reached: set[str] = set()
        others = {call.spec.output: call.spec for call in under_way if self._watched(call)}
        frontier = [spec for spec in others.values() if spec is not call.spec]
        while frontier:
            written = {prop for spec in frontier for prop in spec.outputs} - reached
            reached |= written
            frontier = [spec for spec in self.specs if written & set(spec.inputs)]
        return bool(reached & set(call.spec.inputs))

    def _body(self, call: Call) -> dict[str, Any]:
        spec = call.spec
        outputs = [_dependency(prop) for prop in spec.outputs]
        return {
            "output": spec.output,
            "outputs": outputs if spec.multi else outputs[0] if outputs else None,
            "inputs": [self._with_value(prop) for prop in spec.inputs],
            "changedPropIds": sorted(call.changed),
            "parsedChangedPropsIds": sorted(call.changed),
            "state": [self._with_value(prop) for prop in spec.state],
        }

    def _with_value(self, prop: str) -> dict[str, Any]:
        value = {"value": self.values[prop]} if prop in self.values else {}  # undefined is left out
        return {**_dependency(prop), **value}

    def _execute(self, call: Call) -> None:
        query: list[tuple[str, str]] = []
        for known in self.jobs:
            if known.spec.outputs == call.spec.outputs:
                known.outdated = True
                query.append(("oldJob", known.job))
        for known in self.jobs:
            if set(known.cancels) & set(call.spec.inputs):
                query.append(("cancelJob", known.job))
                self.apply(known.progress_default, "progressDefault")
        self.apply(call.spec.running, "running")
        answer = self._send(query, call.body, False)
        self._deliver(call, answer)

    def _deliver(self, call: Call, answer: Answer) -> None:
        if self._held is None:
            self._receive(call, answer)
        else:
            self._held.append((call, answer))
            if call in self.polling:
                self.polling.remove(call)

    def _receive(self, call: Call, answer: Answer) -> None:
        if call in self.polling:
            self.polling.remove(call)
        if answer.status == 0:
            self._fails(call, 0, "Callback failed: the server did not respond.")
        elif call.outdated:
            self._forget(call)
        elif answer.status == 200:
            self._read(call, answer.body)
        else:
            self._complete(call)
            if answer.status != 204:
                self._fails(call, answer.status, str(answer.body))

    def _read(self, call: Call, body: Mapping[str, Any]) -> None:
        call.cache_key = call.cache_key or body.get("cacheKey", "")
        if "job" in body and not call.job:
            call.job = body["job"]
            call.cancels = tuple(f"{c['id']}.{c['property']}" for c in body.get("cancel") or ())
            call.progress_default = body.get("progressDefault") or {}
            self.jobs.append(call)
        self.apply(_flat(body.get("sideUpdate") or {}), "sideUpdate")
        self.apply(body.get("progress") or {}, "progress")
        if call.spec.background and "response" not in body:
            self.polling.append(call)
            return
        self._complete(call)
        if self._watched(call):
            self.apply(_flat(body.get("response") or {}), "response")

    def _fails(self, call: Call, status: int, text: str) -> None:
        if self._watched(call):
            self.errors.append(TabError(status, text))

    def _complete(self, call: Call) -> None:
        self._forget(call)
        self.apply(call.spec.running_off, "runningOff")
        self.apply(call.progress_default, "progressDefault")

    def _forget(self, call: Call) -> None:
        self.jobs = [known for known in self.jobs if known is not call]


def component_props(layout: Any) -> dict[str, Any]:
    """Every property of every component with an id in a served layout, as ``id.property``."""
    found: dict[str, Any] = {}
    if isinstance(layout, list):
        for part in layout:
            found |= component_props(part)
    elif isinstance(layout, Mapping) and "props" in layout:
        props = layout["props"]
        if isinstance(id := props.get("id"), str):
            found |= {f"{id}.{name}": value for name, value in props.items()}
        for value in props.values():
            found |= component_props(value)
    return found


def _dependency(prop: str) -> dict[str, str]:
    component, _, name = prop.partition(".")
    return {"id": component, "property": name}


def _flat(response: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{id}.{name}": value for id, props in response.items() for name, value in props.items()
    }


def _without_values(body: dict[str, Any]) -> dict[str, Any]:
    emptied: dict[str, Any] = json.loads(json.dumps(body))
    for dependency in (*emptied["inputs"], *emptied["state"]):
        dependency["value"] = None
    return emptied
