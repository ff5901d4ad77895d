"""The real Taipy, served by threads or by gevent."""

from __future__ import annotations

from collections.abc import Mapping

from callback_conformance.adapters.adapter import Implementation
from callback_conformance.adapters.source import Node, literal
from callback_conformance.adapters.taipy import program as taipy_program
from callback_conformance.adapters.taipy.program import TaipyNames
from callback_conformance.adapters.taipy.push_tab import PushedTab
from callback_conformance.adapters.taipy.wire import TaipyConnection
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Tab
from callback_conformance.processes import Launch
from callback_conformance.scenario import Scenario

#: What `Gui.run` is given; gevent is what it takes when it is given nothing.
_RUN: Mapping[str, Mapping[str, Node]] = {
    "thread": {"async_mode": '"threading"', "allow_unsafe_werkzeug": "True"},
    "gevent": {},
}


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program that a Taipy user would write.

    Taipy answers no request for long; what a production server's limit is to a request is here the
    silence after which a connection is given up: the wait for the answer to a ping.
    """
    run = dict(_RUN[backend])
    if server := scenario.server:
        silence = {"ping_interval": server.request_seconds, "ping_timeout": server.request_seconds}
        run["server_config"] = literal({"socketio": silence})
    return taipy_program.render(scenario, TaipyNames("taipy.gui", run))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As a Taipy user starts it on a machine without a browser."""
    return Launch(("app.py", "-P", "{port}", "--no-run-browser"))


def open_wire(
    url: str, timeline: Timeline, controller: JobController, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire."""
    return PushedTab(TaipyConnection, url, timeline, controller, name, earlier)


def requirements(version: str) -> tuple[str, ...]:
    """What pip installs for a version of Taipy, and the pins without which it does not run."""
    if version.startswith("4."):
        return (f"taipy-gui=={version}", "flask<3.1.3")  # its flask-socketio fails with that one
    return (f"taipy-gui=={version}", "numpy<2")  # 3.0 uses names that numpy 2 does not have


implementation = Implementation(
    name="taipy",
    dialects=("taipy",),
    backends=("thread", "gevent"),
    drivers={"wire": open_wire},
    distributions=("taipy-gui", "flask", "flask-socketio", "python-socketio", "gevent"),
    render=render,
    launch=launch,
    requirements=requirements,
)
