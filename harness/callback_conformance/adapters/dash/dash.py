"""The real Dash."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from callback_conformance.adapters.adapter import Adapter
from callback_conformance.adapters.dash.absent import absent_from_dash
from callback_conformance.adapters.dash.bare_page import BareDashPage
from callback_conformance.adapters.dash.browser import DashBrowserTab
from callback_conformance.adapters.dash.names import background_names, long_callback_names
from callback_conformance.adapters.dash.program import dash_program
from callback_conformance.adapters.dash.wire import DashWireTab
from callback_conformance.processes import Launch
from callback_conformance.scenario import Scenario

BACKENDS = ("diskcache", "celery+redis", "celery+rabbitmq")


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program that a Dash user would write."""
    names = long_callback_names if dialect == "long_callback" else background_names
    return dash_program(scenario, names(backend=backend))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As a Dash user starts it: the port in the environment, or gunicorn's options."""
    if server := scenario.server:
        words = f"gunicorn app:server --workers {server.workers} --timeout {server.request_seconds}"
        argv = (*words.split(), "--bind", "127.0.0.1:{port}")
        return Launch(argv, module="gunicorn", environment={"HOME": "."})  # its control socket's
    return Launch(environment={"PORT": "{port}"})


def offers(version: str) -> Mapping[str, tuple[str, ...]]:
    """``background=True`` came with 2.6, and with 3.0 ``app.long_callback`` went."""
    spoken = {
        "background": Version(version) >= Version("2.6.0"),
        "long_callback": Version(version) < Version("3.0.0"),
    }
    return {dialect: BACKENDS for dialect, is_spoken in spoken.items() if is_spoken}


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


def imported_late(version: str) -> tuple[str, ...]:
    """Before 2.18, Dash reads HOST and PORT when it is imported."""
    return ("dash",) if Version(version) < Version("2.18") else ()


adapter = Adapter(
    name="dash",
    dialects=("background", "long_callback"),
    backends=BACKENDS,
    third_party_dialects=("background", "long_callback"),
    drivers={"wire": DashWireTab, "browser": DashBrowserTab},
    distributions=("dash", "diskcache", "multiprocess", "psutil", "flask", "gunicorn"),
    render=render,
    launch=launch,
    requirements=requirements,
    imported_late=imported_late,
    offers=offers,
    absent=absent_from_dash,
    bare_page=BareDashPage,
)
