"""The real Taipy, served by threads or by gevent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from callback_conformance.adapters.adapter import Adapter
from callback_conformance.adapters.taipy.browser import TaipyBrowserConnection
from callback_conformance.adapters.taipy.program import TaipyNames, taipy_program
from callback_conformance.adapters.taipy.push_tab import PushTab
from callback_conformance.adapters.taipy.wire import TaipyConnection
from callback_conformance.processes import Launch
from callback_conformance.scenario import Scenario

#: The keyword arguments of `Gui.run`; gevent is what it takes without any.
_RUN: Mapping[str, Mapping[str, object]] = {
    "thread": {"async_mode": "threading", "allow_unsafe_werkzeug": True},
    "gevent": {},
}


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program that a Taipy user would write.

    Taipy answers no request for long. What a production server's limit is to a request is here the
    silence after which a connection is given up: the wait for the answer to a ping.
    """
    run = dict(_RUN[backend])
    if server := scenario.server:
        silence = {"ping_interval": server.request_seconds, "ping_timeout": server.request_seconds}
        run["server_config"] = {"socketio": silence}
    return taipy_program(scenario, TaipyNames("taipy.gui", run))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As a Taipy user starts it on a machine without a browser."""
    return Launch(("app.py", "-P", "{port}", "--no-run-browser"))


def requirements(version: str) -> tuple[str, ...]:
    """What pip installs for a version of Taipy, and the pins without which it does not run."""
    if version.startswith("4."):
        return (f"taipy-gui=={version}", "flask<3.1.3")  # its flask-socketio fails with that one
    return (f"taipy-gui=={version}", "numpy<2")  # 3.0 uses names that numpy 2 does not have


adapter = Adapter(
    name="taipy",
    dialects=("taipy",),
    backends=("thread", "gevent"),
    drivers={
        "wire": partial(PushTab, TaipyConnection),
        "browser": partial(PushTab, TaipyBrowserConnection),
    },
    distributions=("taipy-gui", "flask", "flask-socketio", "python-socketio", "gevent"),
    render=render,
    launch=launch,
    requirements=requirements,
)
