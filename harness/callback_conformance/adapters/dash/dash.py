"""The real Dash."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from callback_conformance.adapters.adapter import Implementation
from callback_conformance.adapters.dash import names as dash_names
from callback_conformance.adapters.dash import program as dash_program
from callback_conformance.adapters.dash.browser import DashBrowserTab
from callback_conformance.adapters.dash.wire import DashWireTab
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Tab
from callback_conformance.processes import Launch
from callback_conformance.scenario import Scenario

BACKENDS = ("diskcache", "celery+redis", "celery+rabbitmq")


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program that a Dash user would write."""
    named = dash_names.long_callback if dialect == "long_callback" else dash_names.background
    return dash_program.render(scenario, named(backend=backend))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As a Dash user starts it: the port in the environment, or gunicorn's options."""
    if server := scenario.server:
        words = f"gunicorn app:server --workers {server.workers} --timeout {server.request_seconds}"
        argv = (*words.split(), "--bind", "127.0.0.1:{port}")
        return Launch(argv, module="gunicorn", environment={"HOME": "."})  # its control socket's
    return Launch(environment={"PORT": "{port}"})


def open_wire(
    url: str, timeline: Timeline, controller: JobController, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire, as the stock renderer behaves."""
    return DashWireTab(url, timeline, controller, name, earlier)


def open_browser(
    url: str, timeline: Timeline, controller: JobController, name: str, earlier: Tab | None
) -> Tab:
    """A page in Chromium, with the JavaScript that the server serves."""
    return DashBrowserTab(url, timeline, controller, name, earlier)


def offers(version: str) -> Mapping[str, tuple[str, ...]]:
    """``background=True`` came with 2.6, and with 3.0 ``app.long_callback`` went."""
    there = {
        "background": Version(version) >= Version("2.6.0"),
        "long_callback": Version(version) < Version("3.0.0"),
    }
    return {dialect: BACKENDS for dialect, has in there.items() if has}


def requirements(version: str) -> tuple[str, ...]:
    """What pip installs for a version of Dash: with the Flask of its time, where it needs that."""
    others = ("diskcache", "multiprocess", "psutil", "gunicorn", "plotly", "celery[redis]")
    return (f"dash=={version}", *_pins(Version(version)), *others)


def _pins(version: Version) -> tuple[str, ...]:
    if version < Version("2.3"):
        return ("werkzeug<2.1", "flask<2.2", "setuptools<81")
    if version < Version("2.9"):
        return ("werkzeug<2.3", "flask<2.3", "setuptools<81")
    return ("setuptools<81",) if version < Version("2.14") else ()


def cold(version: str) -> tuple[str, ...]:
    """Before 2.18, Dash reads HOST and PORT when it is imported."""
    return ("dash",) if Version(version) < Version("2.18") else ()


implementation = Implementation(
    name="dash",
    dialects=("background", "long_callback"),
    backends=BACKENDS,
    foreign=("background", "long_callback"),
    drivers={"wire": open_wire, "browser": open_browser},
    distributions=("dash", "diskcache", "multiprocess", "psutil", "flask", "gunicorn"),
    render=render,
    launch=launch,
    requirements=requirements,
    cold=cold,
    offers=offers,
)
