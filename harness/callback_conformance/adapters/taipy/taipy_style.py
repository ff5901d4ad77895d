"""Our own Taipy-style implementation, and its own small page."""

from __future__ import annotations

from functools import partial

from callback_conformance.adapters.adapter import Adapter
from callback_conformance.adapters.taipy.browser import TaipyStyleBrowserConnection
from callback_conformance.adapters.taipy.program import TaipyNames, taipy_program
from callback_conformance.adapters.taipy.push_tab import PushTab
from callback_conformance.adapters.taipy.style_wire import TaipyStyleConnection
from callback_conformance.processes import Launch
from callback_conformance.scenario import Scenario


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Taipy's; only its import differs, and that it needs no options."""
    return taipy_program(scenario, TaipyNames("impl_taipy_style"))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As its user starts it."""
    return Launch(("app.py", "-P", "{port}"))


adapter = Adapter(
    name="taipy_style",
    dialects=("taipy",),
    backends=("thread",),
    drivers={
        "wire": partial(PushTab, TaipyStyleConnection),
        "browser": partial(PushTab, TaipyStyleBrowserConnection),
    },
    distributions=("callback-conformance", "flask"),
    render=render,
    launch=launch,
    released=False,
)
