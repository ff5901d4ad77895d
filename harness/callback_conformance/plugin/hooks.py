"""The pytest plugin, registered in a run that names the suite.

``pytest conformance --impl=NAME[@VERSION] --backend= --dialect= --driver=`` tests implementations;
tests take the fixture ``open_page`` and are marked with the ids that they decide (``covers``).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping

import pytest

from callback_conformance import ledger, spec
from callback_conformance.plugin import fixtures, markers, options, strategies
from callback_conformance.plugin.collection import SuiteCollection
from callback_conformance.plugin.crashes import CrashesPlugin
from callback_conformance.plugin.ending import EndingPlugin
from callback_conformance.plugin.fixtures import PAGES, PagesPlugin
from callback_conformance.plugin.services import ServicesPlugin
from callback_conformance.plugin.suite_plugin import SuitePlugin
from callback_conformance.results.known_failures import (
    BadKnownFailure,
    Explanation,
    KnownFailures,
    load_known_failures,
    recorded,
)
from callback_conformance.results.verdict import Verdicts
from callback_conformance.session.cell import BadSelection, Cell
from callback_conformance.session.warm_processes import WarmProcesses
from callback_conformance.spec import Specification


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the suite's options."""
    pluginmanager.register(options.Options(parser), "conformance-options")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register what runs the suite's tests; each part is an object that keeps its own state."""
    if sys.flags.optimize:
        raise pytest.UsageError(
            "Python runs with -O (or PYTHONOPTIMIZE), which removes assertions: a broken implementation would "
            "pass. Run the suite without it."
        )
    markers.declare(config)
    if config.option.help or config.option.markers:
        return  # pytest prints the options or the markers, and runs nothing
    cells = _cells(config)
    strategies.configure(config)
    specification = spec.load()
    verdicts = Verdicts(specification, [cell.identity for cell in cells])
    known_failures, explanations = _known_failures(specification, cells)
    services = ServicesPlugin(config)
    register = config.pluginmanager.register
    register(EndingPlugin(config), "conformance-ending")
    register(services, "conformance-services")
    register(SuiteCollection(cells, known_failures, verdicts), "conformance-collection")
    register(fixtures, "conformance-fixtures")
    register(PagesPlugin(WarmProcesses(services.services)), PAGES)
    register(CrashesPlugin(verdicts), "conformance-crashes")
    register(
        SuitePlugin(config, cells, known_failures, verdicts, explanations), "conformance-suite"
    )
    options.prepare_report(config)
    services.make_ready({name for cell in cells for name in cell.backend.services.values()})


def _cells(config: pytest.Config) -> list[Cell]:
    capture = config.pluginmanager.get_plugin("capturemanager")
    visible = capture.global_and_fixture_disabled() if capture else contextlib.nullcontext()
    try:
        with visible:  # whoever waits for another run's environment sees so
            cells = options.selection(config).cells()
    except BadSelection as error:
        raise pytest.UsageError(str(error)) from error
    if not cells:
        raise pytest.UsageError(
            "no implementation is named; choose what to test, for example --impl=dash_style, or in pyproject.toml: "
            '[tool.callback-conformance] with impl = "dash_style"'
        )
    return cells


def _known_failures(
    specification: Specification, cells: list[Cell]
) -> tuple[KnownFailures, Mapping[str, Explanation]]:
    """The known failures of the releases among the cells, and the entries of the ledger by id, the worst first."""
    names = recorded({cell.identity.known_as for cell in cells if cell.adapter.released})
    if not names:
        return KnownFailures(), {}
    try:
        entries = ledger.read_ledger(ledger.LEDGER)
        ranked = ledger.worst_first(entries, ledger.read_symptoms(entries, ledger.LEDGER))
        explanations = {entry.id: entry for entry in ranked}
        return load_known_failures(specification, names, explanations), explanations
    except ledger.BadEntry as error:
        raise pytest.UsageError(f"deviations/{error}") from error
    except BadKnownFailure as error:
        raise pytest.UsageError(str(error)) from error
