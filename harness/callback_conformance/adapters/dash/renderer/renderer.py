"""What the Dash renderer does in a browser, step by step, without a browser.

It follows ``actions/callbacks.ts`` of Dash 4.4: which callbacks are called when, what each request
carries, in which order an answer is applied, and what is forgotten when a connection is lost.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from callback_conformance.adapters.dash.renderer.callbacks import (
    CallbackDefinition,
    Callbacks,
    Updates,
)
from callback_conformance.adapters.dash.renderer.ids import parsed, split, stringified
from callback_conformance.adapters.dash.renderer.interval import (
    TICK_COUNT,
    interval_ms,
    is_tick,
    running_timers,
    tick_count,
)
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patch import patched
from callback_conformance.adapters.dash.renderer.payload import PageError, body, without_values
from callback_conformance.adapters.dash.renderer.scheduler import CallQueue, PendingCall
from callback_conformance.adapters.dash.renderer.side_updates import (
    matched,
    of_string_ids,
    targets,
)
from callback_conformance.adapters.dash.renderer.versions import RendererQuirks
from callback_conformance.page.tab import TabError


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status (0 when the connection was lost) and body. Where the request will be
    repeated until the server answers, ``again`` repeats it, and this answer counts as none."""

    status: int
    body: Any = None
    again: Callable[[], Answer] | None = None


NEWEST = RendererQuirks()


class Send(Protocol):
    """Posts one callback request."""

    def __call__(
        self, query: list[tuple[str, str]], body: dict[str, Any], poll: bool
    ) -> Answer: ...


class Renderer:
    """The state of one tab: its components, calls under way, the table of jobs."""

    def __init__(
        self,
        definitions: Iterable[CallbackDefinition],
        layout: Layout,
        send: Send,
        saw: Callable[..., object],
        config: Mapping[str, object] | None = None,
        before: Callable[[dict[str, Any]], object] | None = None,
        quirks: RendererQuirks = NEWEST,
    ) -> None:
        """``before`` is the page's own hook: it receives the body of each call before anything else happens."""
        self.layout = layout
        #: The layout before anything has happened.
        self.served = copy.copy(layout)
        self.errors: list[TabError] = []
        self.polling: list[PendingCall] = []
        self._ticks = 0
        self.jobs: list[PendingCall] = []
        self._callbacks = Callbacks(definitions)
        self._queue = CallQueue(self._callbacks, layout)
        self._send = send
        self._saw = saw
        self._config = config or {}
        self._quirks = quirks
        self.before = before
        self._held: list[tuple[PendingCall, Answer]] | None = None
        self._delays = False
        self._unanswered: list[tuple[PendingCall, Callable[[], Answer]]] = []
        self._stuck: list[PendingCall] = []

    @property
    def definitions(self) -> tuple[CallbackDefinition, ...]:
        """The callbacks of the page."""
        return self._callbacks.definitions

    def get(self, prop: str) -> Any:
        """The value of a property; None when it was never set."""
        id, name = split(prop)
        return self.layout.props(id).get(name)

    def start(self) -> None:
        """Make the calls of a page that has just been loaded."""
        self._queue.add(self._callbacks.of_load(self.layout), group=object())
        self.run()

    def act(self, prop: str, value: object) -> None:
        """The user changes a property."""
        self._saw("acts", prop=prop, value=value)
        id, name = split(prop)
        self._set(id, {name: value}, "user")
        self.run()

    def take_over(self, jobs: list[PendingCall], polling: list[PendingCall]) -> None:
        """Take the jobs of another page, and those that it polls for, for this page's own."""
        self.jobs, self.polling = jobs, polling
        for call in [*jobs, *polling]:
            self._queue.put_under_way(call)

    def hold_answers(self) -> None:
        """From now on hold answers back until ``deliver_answers``."""
        self._held, self._delays = [], False

    def deliver_answers(self) -> None:
        """Let the answers that were held arrive, in the order of their requests."""
        held, self._held, self._delays = self._held or [], None, False
        for call, answer in held:
            self._receive(call, answer)
        self.run()

    def delay_answers(self) -> None:
        """From now on each answer arrives at the end of the next round of polls."""
        self._held, self._delays = [], True

    def poll(self) -> None:
        """Poll once for each job that the page waits for: by a request, or by a tick of its timer. Repeat what
        was not answered. What was delayed arrives."""
        delayed = tuple(self._held or ()) if self._delays else ()
        self._poll()
        for call_with_answer in delayed:
            self._held = [held for held in self._held or () if held is not call_with_answer]
            self._receive(*call_with_answer)
        self.run()

    def _poll(self) -> None:
        unanswered, self._unanswered = self._unanswered, []
        for call, again in unanswered:
            self._deliver(call, again())
        for call in tuple(self.polling):
            query = [("cacheKey", call.cache_key), *([("job", call.job_id)] if call.job_id else [])]
            body = call.body if self._quirks.repeats_values else without_values(call.body)
            self._deliver(call, self._send(query, body, True))
        self.run()
        for id in running_timers(self.layout):
            ticked = tick_count(self.layout, id) + 1
            self._set(id, {TICK_COUNT: ticked}, "timer")
            self._ticks += 1
        self.run()

    @property
    def pause_seconds(self) -> float:
        """How long the page waits before it polls again: the shortest of its intervals."""
        intervals = [call.definition.interval_ms for call in self.polling]
        intervals += [interval_ms(self.layout, id) for id in running_timers(self.layout)]
        return min(intervals, default=0) / 1000

    @property
    def changes(self) -> int:
        """How often anything on the page has changed except the count of a timer."""
        return self.layout.changes - self._ticks

    @property
    def waits(self) -> bool:
        """True when the page will poll by itself, or repeat a request."""
        delayed = self._held if self._delays else ()
        return bool(self.polling or self._unanswered or delayed or running_timers(self.layout))

    def run(self) -> None:
        """Send what can be sent, until nothing can: all payloads of a tick precede its answers."""
        while ready := self._queue.take(self._under_way()):
            for call in [call for call in ready if self._make_body(call)]:
                self._execute(call)

    def _under_way(self) -> list[PendingCall]:
        waiting = (*(self._held or ()), *self._unanswered)
        sent = [*self.polling, *self._stuck, *(call for call, _ in waiting)]
        return [call for call in sent if self._watched(call)]

    def _watched(self, call: PendingCall) -> bool:
        return not call.pruned and self._queue.newest(call)

    def _make_body(self, call: PendingCall) -> bool:
        """Make the body of a call; False when it cannot be sent."""
        try:
            request = body(call.instance, call.changed, self.layout)
        except PageError as error:
            self._fails(call, 0, str(error))
            return False
        call.body = request or {}
        return request is not None

    def _execute(self, call: PendingCall) -> None:
        if self.before:
            self.before(call.body)
        try:
            query = self._query(call)
            self._update(self._present(call.definition.running), call, "running")
        except PageError as error:
            self._fails(call, 0, str(error))
            return
        tick = is_tick(call.changed, self.layout)
        self._deliver(call, self._send(query, call.body, tick))

    def _query(self, call: PendingCall) -> list[tuple[str, str]]:
        """The older jobs that a call replaces, and those that it cancels."""
        query: list[tuple[str, str]] = []
        for job in self.jobs:
            # A renderer that compares the outputs cannot tell callbacks without outputs apart.
            key = "output" if self._quirks.one_job_each else "outputs"
            if job.body.get(key) == call.body.get(key):
                job.outdated = True
                query.append(("oldJob", job.job_id))
        for job in self.jobs:
            if set(job.cancels) & set(map(str, call.definition.inputs)):
                query.append(("cancelJob", job.job_id))
                self._update(job.progress_default, call, "progressDefault")
        return query

    def _deliver(self, call: PendingCall, answer: Answer) -> None:
        if answer.again is None and self._held is None:
            self._receive(call, answer)
            return
        if call in self.polling:
            self.polling.remove(call)
        if answer.again is not None:
            self._unanswered.append((call, answer.again))
        elif self._held is not None:
            self._held.append((call, answer))

    def _receive(self, call: PendingCall, answer: Answer) -> None:
        if call in self.polling:
            self.polling.remove(call)
        try:
            self._take(call, answer)
        except PageError:  # within a promise, whose rejection nobody handles
            self._stuck.append(call)

    def _take(self, call: PendingCall, answer: Answer) -> None:
        if answer.status == 0:
            self._fails(call, 0, "Callback failed: the server did not respond.")
        elif call.outdated:
            self._forget(call)
        elif answer.status == 200:
            self._read(call, answer.body)
        else:
            self._complete(call)
            if answer.status == 204:
                self._queue.settle(call, ())
            else:
                self._fails(call, answer.status, str(answer.body))

    def _read(self, call: PendingCall, body: Mapping[str, Any]) -> None:
        call.cache_key = call.cache_key or body.get("cacheKey", "")
        if "job" in body and not call.job_id:
            call.job_id = body["job"]
            call.cancels = tuple(_cancel_inputs(body))
            self.jobs.append(call)
        call.progress_default = call.progress_default or body.get("progressDefault") or {}
        self._update(body.get("sideUpdate") or {}, call, "sideUpdate")
        self._update(body.get("progress") or {}, call, "progress")
        self._update(body.get("running") or {}, call, "running")  # before 2.16
        call.running_off = call.running_off or body.get("runningOff") or {}
        if call.definition.background and "response" not in body:
            self.polling.append(call)
            return
        self._complete(call)
        if self._watched(call):
            self._respond(call, body.get("response") or {})

    def _fails(self, call: PendingCall, status: int, text: str) -> None:
        if self._watched(call):
            self._queue.settle(call, ())
            self.errors.append(TabError(status, text))

    def _complete(self, call: PendingCall) -> None:
        self._forget(call)
        off = call.running_off or self._present(call.definition.running_off)
        self._update(off, call, "runningOff")
        self._update(call.progress_default, call, "progressDefault")

    def _forget(self, call: PendingCall) -> None:
        self.jobs = [job for job in self.jobs if job is not call]

    def _update(self, updates: Updates, call: PendingCall, source: str) -> None:
        """Apply what comes beside the outputs of a call. Raises PageError."""
        for id, props in self._targets(updates, call):
            if id in self.layout:
                try:
                    older = self.layout.props(id)
                    new = patched(props, older) if self._quirks.patches_beside else props
                    self._set(id, new, source)
                except PageError as error:
                    self.errors.append(TabError(0, str(error)))
            elif self._quirks.stalls_on_missing_component:
                raise PageError("Cannot read properties of undefined (reading 'concat')")
            elif not self._config.get("suppress_callback_exceptions"):
                text = f'ID running component not found in layout: "{id}" (from {source})'
                self.errors.append(TabError(0, text))

    def _present(self, running: Updates) -> Updates:
        return matched(running, self.layout) if self._quirks.leaves_out_unmatched else running

    def _targets(self, updates: Updates, call: PendingCall) -> Iterable[tuple[str, Updates]]:
        find_targets = of_string_ids if self._quirks.string_ids_only else targets
        return find_targets(updates, call.body, self.layout)

    def _set(self, id: str, props: Updates, source: str) -> None:
        """Set properties of a component on the page, and call the callbacks that listen to them."""
        self._put(id, props, source)
        for name in props:
            self._queue.add(self._callbacks.listening(id, name, self.layout))
        if path := self.layout.path(id):
            self.layout.look_in(path)

    def _put(self, id: str, props: Updates, source: str) -> None:
        self.layout.put(id, props)
        for name, value in props.items():
            self._saw("shows", prop=f"{id}.{name}", value=value, source=source)

    def _respond(self, call: PendingCall, response: Mapping[str, Updates]) -> None:
        """Apply the outputs of a call; leave out those that are no longer on the page."""
        try:
            response = self._patched(response) if self._quirks.patches_outputs else response
        except PageError as error:
            self._fails(call, 0, str(error))
            return
        before = (*call.before, call.definition)
        updated = {f"{key}.{name}" for key, props in response.items() for name in props}
        for key, props in response.items():
            id = stringified(parsed(key))
            gone = self.layout.props(id).get("children")
            if id in self.layout:
                self._put(id, props, "response")
            for name in props:
                self._queue.add(self._callbacks.listening(id, name, self.layout), before=before)
            children = props.get("children")
            if id in self.layout and (children or isinstance(children, (list, dict))):
                self._renew(id, children, gone, before)
        self._queue.settle(call, updated)

    def _patched(self, response: Mapping[str, Updates]) -> dict[str, Updates]:
        ids = {key: stringified(parsed(key)) for key in response}
        held = {key: self.layout.props(id) for key, id in ids.items()}
        return {key: patched(props, held[key]) for key, props in response.items()}

    def _renew(
        self, id: str, children: object, gone: object, before: tuple[CallbackDefinition, ...]
    ) -> None:
        """A component has got other children: call the callbacks of those that arrived and of those that left."""
        earlier = copy.copy(self.layout)
        path = (*(self.layout.path(id) or ()), "props", "children")
        self.layout.look_in(path)
        arrived = self._callbacks.of_arrival(children, path, self.layout)
        left = self._callbacks.of_departure(gone, path, earlier, self.layout)
        self._queue.add(arrived, object(), before)
        self._queue.add(left, object(), before)


def _cancel_inputs(answer: Mapping[str, Any]) -> Iterator[str]:
    """The names of the inputs that cancel a job. The renderer looks for them, as they were sent, among inputs whose
    ids it has taken apart: an id with keys that was sent as text is not found."""
    for prop in answer.get("cancel") or ():
        id = prop["id"]
        if isinstance(id, dict) or parsed(id) == id:
            yield f"{stringified(id)}.{prop['property']}"
