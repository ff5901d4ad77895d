"""An implementation of twenty lines, without a framework: what the harness is tested with.

Each click is a connection of its own. The app runs the job in a thread and answers with its result.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from callback_conformance.adapters import Adapter, Feature, Render
from callback_conformance.adapters.emitter import Emitter, Scope
from callback_conformance.adapters.source import function
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Notification, Tab, TabError
from callback_conformance.processes import Launch
from callback_conformance.scenario import Background, BadScenario, Scenario, parameters

PROGRAM = """\
import concurrent.futures
import json
import os
import socketserver

import probe


{job}


class Click(socketserver.StreamRequestHandler):
    def handle(self):
        if clicks := self.rfile.readline():
            self.wfile.write(json.dumps(job(int(clicks))).encode())


if __name__ == "__main__":
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    address = ("127.0.0.1", int(os.environ["PORT"]))
    socketserver.ThreadingTCPServer(address, Click).serve_forever()
"""

POOL = """\
POOL = concurrent.futures.ThreadPoolExecutor(1)


def run(clicks):
    result = job(clicks)
    {hook}
    return result
"""

LOOK_SECONDS = 0.02  # how long one look waits for the answer


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program of a scenario with one callback that has one input."""
    [callback] = scenario.callbacks
    assert isinstance(callback, Background)
    arguments = tuple(parameters(callback))
    body = Emitter().job_body(callback.job, Scope("job", arguments))
    return PROGRAM.format(job=function("job", arguments, body))


def launch(scenario: Scenario, backend: str) -> Launch:
    """The port is given in the environment."""
    return Launch(environment={"PORT": "{port}"})


class ScriptedTab:
    """A page: what it clicks starts a job, and ``out.children`` shows the result."""

    def __init__(self, url: str, timeline: Timeline, controller: JobController, name: str) -> None:
        self.errors: Sequence[TabError] = ()
        self.notifications: Sequence[Notification] = ()
        self._address = ("127.0.0.1", int(url.rpartition(":")[2]))
        self._timeline = timeline
        self._controller = controller
        self._name = name
        self._values: dict[str, Any] = {}
        self._asked: list[socket.socket] = []
        self._timeline.add(name, "opens", url=url)

    def click(self, component: str) -> None:
        clicks = self._values.get(f"{component}.n_clicks", 0) + 1
        self._values[f"{component}.n_clicks"] = clicks
        self._timeline.add(self._name, "acts", prop=f"{component}.n_clicks", value=clicks)
        self._asked.append(socket.create_connection(self._address))
        self._asked[-1].sendall(b"%d\n" % clicks)
        self._asked[-1].settimeout(LOOK_SECONDS)

    def set(self, prop: str, value: Any) -> None:
        self._values[prop] = value

    def get(self, prop: str) -> Any:
        return self._values.get(prop)

    def advance(self) -> bool:
        if not self._asked:
            return False
        with contextlib.suppress(TimeoutError):
            if answer := self._asked[0].recv(65536):
                self._shows(json.loads(answer))
            self._asked.pop(0).close()
        return True

    def fence(self) -> None:
        with self._controller.still():
            self.advance()

    def poll(self) -> None:
        self.fence()

    def close(self) -> None:
        for connection in self._asked:
            connection.close()

    def _shows(self, value: Any) -> None:
        self._values["out.children"] = value
        self._timeline.add(self._name, "shows", prop="out.children", value=value, source="response")


def open_wire(
    url: str, timeline: Timeline, controller: JobController, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire."""
    return ScriptedTab(url, timeline, controller, name)


adapter = Adapter(
    name="scripted",
    dialects=("background", "labs"),
    backends=("thread", "other"),
    drivers={"wire": open_wire},
    distributions=("callback-conformance",),
    render=render,
    launch=launch,
)


# Implementations that are broken, each in one way.


def _no_render(scenario: Scenario, dialect: str, backend: str) -> NoReturn:
    raise RuntimeError("the adapter cannot render")


def _no_open(
    url: str, timeline: Timeline, controller: JobController, name: str, earlier: Tab | None
) -> NoReturn:
    raise RuntimeError("the adapter cannot open")


def _ends(scenario: Scenario, dialect: str, backend: str) -> str:
    return 'print("about to fail")\nraise ValueError("no such setting")\n'


def _ends_beside_a_worker(scenario: Scenario, dialect: str, backend: str) -> str:
    """A program that fails once its worker has printed something."""
    return (
        "import pathlib, time\nlog = pathlib.Path('worker-1-1.log')\n"
        f"while not (log.exists() and log.read_text()): time.sleep(0.001)\n{_ends(scenario, dialect, backend)}"
    )


def _idle(scenario: Scenario, dialect: str, backend: str) -> str:
    return PROGRAM.format(job="def job(clicks):\n    return None")


def _noisy(scenario: Scenario, dialect: str, backend: str) -> str:
    return f'print("here I am")\n{render(scenario, dialect, backend)}'


def _no_titles(scenario: Scenario, dialect: str, backend: str) -> str:
    if any("title" in component.props for component in scenario.components):
        return 'raise ValueError("no titles")'
    return render(scenario, dialect, backend)


def _in_a_pool(hook: str) -> Render:
    """Its jobs run in a thread that goes on to the next one; ``hook`` is what that does after each."""

    def in_a_pool(scenario: Scenario, dialect: str, backend: str) -> str:
        program = render(scenario, dialect, backend)
        program = program.replace("job(int(clicks))", "POOL.submit(run, int(clicks)).result()")
        return program.replace("class Click", POOL.format(hook=hook) + "\n\nclass Click")

    return in_a_pool


noisy = dataclasses.replace(adapter, render=_noisy)
refuses_titles = dataclasses.replace(adapter, render=_no_titles)
cannot_render = dataclasses.replace(adapter, render=_no_render)
cannot_open = dataclasses.replace(adapter, drivers={"wire": _no_open})
cannot_start = dataclasses.replace(adapter, render=_ends)
ends_beside_a_worker = dataclasses.replace(adapter, render=_ends_beside_a_worker)
runs_no_job = dataclasses.replace(adapter, render=_idle)


def _without_text(scenario: Scenario, dialect: str, backend: str) -> str:
    if any(component.kind == "field" for component in scenario.components):
        raise BadScenario("nobody can type")
    return render(scenario, dialect, backend)


of_its_own = dataclasses.replace(
    adapter,
    dialects=("esperanto",),
    bound_as={"esperanto": "background"},
    render=_without_text,
)
cannot_type = dataclasses.replace(adapter, render=_without_text)
bound_by_nothing = dataclasses.replace(adapter, dialects=("esperanto",))
in_a_pool = dataclasses.replace(adapter, render=_in_a_pool("probe.finished()"))
in_a_silent_pool = dataclasses.replace(adapter, render=_in_a_pool("pass"))
with_a_browser = dataclasses.replace(adapter, drivers={"wire": open_wire, "browser": open_wire})
wrapper = dataclasses.replace(
    adapter, name="wrapper", distributions=("callback-conformance", "pytest"), wraps="pytest"
)
open_to_all = dataclasses.replace(adapter, third_party_dialects=("background",))
versioned = dataclasses.replace(
    adapter,
    requirements=lambda version: (f"no-such-distribution=={version}",),
    python=lambda version: f"{sys.version_info.major}.{sys.version_info.minor}",
)
not_installed = dataclasses.replace(adapter, distributions=("no-such-distribution",))
not_an_adapter = "scripted"
of_a_third_party = dataclasses.replace(adapter, released=False)
without_set_props = dataclasses.replace(
    adapter, absent=lambda version: {Feature.SET_PROPS: 'print("absent")'}
)
with_set_props = dataclasses.replace(
    adapter, absent=lambda version: {Feature.SET_PROPS: 'print("it is there")'}
)
broken_probe = dataclasses.replace(
    adapter, absent=lambda version: {Feature.SET_PROPS: "no_such_name"}
)
