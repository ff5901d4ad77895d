"""The fixtures of the suite's tests. They are functions of a module, because the suite's conftest file has them, too."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from callback_conformance.plugin.collection import SuiteCollection
from callback_conformance.plugin.markers import Observe
from callback_conformance.plugin.outcomes import STATE
from callback_conformance.results.known_failures import KnownFailures
from callback_conformance.session.cell import Cell
from callback_conformance.session.open_page import OpenPage
from callback_conformance.session.warm_processes import WarmProcesses
from callback_conformance.session.warmup import WarmUpFailed

PAGES = "conformance-pages"


class PagesPlugin:
    """Holds the warm processes of a run."""

    def __init__(self, warm_processes: WarmProcesses) -> None:
        self.warm_processes = warm_processes

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Check, after a test's own assertions, what must hold in every test."""
        result = yield
        state = pyfuncitem.stash.get(STATE, None)
        if state and state.open_page:
            state.open_page.check_invariants()
        return result

    def pytest_unconfigure(self) -> None:
        """Leave nothing behind."""
        self.warm_processes.close()


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> Cell:
    """What the test runs against."""
    cell: Cell = request.param
    return cell


@pytest.fixture
def open_page(cell: Cell, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a page of a scenario's native app: ``open_page(Button("run"), …, background(…))``."""
    plugin = request.config.pluginmanager.get_plugin(PAGES)
    assert isinstance(plugin, PagesPlugin)
    broken = ""
    try:
        open_page = OpenPage(cell, plugin.warm_processes)
    except WarmUpFailed as error:
        broken = str(error)
    if broken:
        request.session.shouldstop = broken.splitlines()[0]  # all further tests would fail alike
        pytest.fail(broken, pytrace=False)
    request.node.stash[STATE].open_page = open_page
    yield open_page
    open_page.close()


@pytest.fixture
def known_failures(request: pytest.FixtureRequest) -> KnownFailures:
    """What is known of the implementations of the run."""
    plugin = request.config.pluginmanager.get_plugin("conformance-collection")
    assert isinstance(plugin, SuiteCollection)
    return plugin.known_failures


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """With what values are drawn."""
    return int(request.config.option.hypothesis_seed)


@pytest.fixture
def full_load(request: pytest.FixtureRequest) -> bool:
    """Whether as many pages and runs are asked for as the sentences of chapter Load name."""
    return bool(request.config.getoption("--full-load"))


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Observe:
    """Takes what an observation has seen, in a few words."""

    def note(seen: str) -> None:
        request.node.stash[STATE].seen = seen

    return note
