"""The pytest plugin: options, fixtures, verdicts.

``pytest conformance --impl=NAME[@VERSION] --backend= --dialect= --driver=`` judges implementations;
tests take the fixture ``open_page`` and are marked with the ids that they decide (``covers``).
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import pytest

from callback_conformance import spec
from callback_conformance.plugin import fixtures, markers, outcomes, reporting, services, strategies
from callback_conformance.plugin.cells import Cell, cells
from callback_conformance.plugin.expected import Expected, load_expected
from callback_conformance.plugin.fixtures import OPEN_PAGE, WARM, WarmProcesses
from callback_conformance.plugin.options import Options
from callback_conformance.plugin.verdicts import Verdicts
from callback_conformance.report.run import write_report

SPEC = pytest.StashKey[spec.Specification]()
CELLS = pytest.StashKey[list[Cell]]()
EXPECTED = pytest.StashKey[Expected]()
VERDICTS = pytest.StashKey[Verdicts]()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.register(Options(parser), "conformance-options")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if sys.flags.optimize:
        raise pytest.UsageError(
            "Python runs with -O (or PYTHONOPTIMIZE), which removes assertions: a broken implementation would "
            "pass. Run the suite without it."
        )
    markers.declare(config)
    config.pluginmanager.register(fixtures, "conformance-fixtures")
    config.stash[SPEC] = spec.load()
    config.stash[CELLS] = cells(config)
    needed = {name for cell in config.stash[CELLS] for name in cell.backend.services.values()}
    services.configure(config, needed)
    config.stash[WARM] = WarmProcesses(config.stash[services.SERVICES])
    config.stash[VERDICTS] = Verdicts(config.stash[SPEC], config.stash[CELLS])
    if not config.stash[CELLS]:
        raise pytest.UsageError(
            "no implementation is named; say which to judge, for example --impl=dash_style"
        )
    strategies.configure(config)
    released = {
        cell.implementation.name for cell in config.stash[CELLS] if cell.implementation.released
    }
    config.stash[EXPECTED] = load_expected(config.stash[SPEC], released)
    if folder := config.getoption("--report"):
        folder.mkdir(parents=True, exist_ok=True)
        config.option.xmlpath = config.option.xmlpath or str(folder / "junit.xml")
    if config.option.tbstyle == "auto":
        config.option.tbstyle = "short"  # the requirement, not our helpers, is what a reader needs


def pytest_unconfigure(config: pytest.Config) -> None:
    if WARM in config.stash:
        config.stash[WARM].close()


def pytest_report_header(config: pytest.Config) -> list[str]:
    found = config.stash[SPEC]
    lines = [f"specification: {len(found.requirements)} requirements, {found.hash[:12]}"]
    for cell in config.stash[CELLS]:
        versions = ", ".join(f"{name} {one}" for name, one in cell.environment.versions.items())
        lines.append(f"cell: {cell.id} ({versions})")
    lines.extend(services.header(config))
    return [*lines, f"drawn values: --hypothesis-seed={config.option.hypothesis_seed}"]


# Collection: which test runs on which cell.


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cell" not in metafunc.fixturenames:
        return
    there = metafunc.config.stash[CELLS]
    found = [cell for cell in there if _applies(metafunc, cell)]
    metafunc.parametrize("cell", found, ids=[cell.id for cell in found], scope="function")


def _applies(metafunc: pytest.Metafunc, cell: Cell) -> bool:
    test = metafunc.definition
    observed = test.get_closest_marker("observes")
    requirements = [] if observed else _requirements(metafunc.config, test)
    if cell.driver == "browser" and test.get_closest_marker("wire_only"):
        metafunc.config.stash[VERDICTS].wire_only.update(one.id for one in requirements)
        return False
    if (only_in := test.get_closest_marker("only")) and cell.dialect not in only_in.args:
        return False
    if observed:
        return cell.dialect in observed.args[1:]
    bound = [one for one in requirements if cell.dialect in one.dialects]
    if not bound:
        return False
    reason = markers.excluded(test, cell.backend)
    for one in bound:
        metafunc.config.stash[VERDICTS].collected(cell, one, reason)
    return not reason


def _requirements(config: pytest.Config, node: pytest.Item) -> list[spec.Requirement]:
    """The requirements that a test names; a test without one, or with an unknown one, is an error."""
    known = config.stash[SPEC].requirements
    ids = [id for marker in node.iter_markers("covers") for id in marker.args]
    if not ids:
        raise pytest.UsageError(f"{node.nodeid} names no requirement: mark it with @covers(...)")
    if unknown := [id for id in ids if id not in known]:
        raise pytest.UsageError(f"{node.nodeid} names {unknown[0]!r}, which SPEC.md does not have")
    return [known[id] for id in ids]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    gone = [item for item in items if getattr(item, "callspec", None) and _no_cell(item)]
    items[:] = [item for item in items if item not in gone]
    for item in items:
        if cell := _cell(item):
            _mark(config, item, cell)


def _no_cell(item: pytest.Item) -> bool:
    """pytest makes one empty item of a test that applies to no cell; it says nothing."""
    parameters = item.callspec.params  # type: ignore[attr-defined]
    return "cell" in parameters and not isinstance(parameters["cell"], Cell)


def _cell(item: pytest.Item) -> Cell | None:
    callspec = getattr(item, "callspec", None)
    found = callspec.params.get("cell") if callspec else None
    return found if isinstance(found, Cell) else None


def _mark(config: pytest.Config, item: pytest.Item, cell: Cell) -> None:
    name = _name(item, cell)
    if observed := item.get_closest_marker("observes"):
        about = {"cell": cell.id, "topic": observed.args[0]}
        item.user_properties.append(outcomes.facts_property(about))
        return
    bound = [one for one in _requirements(config, item) if cell.dialect in one.dialects]
    if known := config.stash[EXPECTED].of(cell, name):
        if known.requirement not in {one.id for one in bound}:
            raise pytest.UsageError(
                f"expected/{cell.implementation.name}.toml: {name} does not cover {known.requirement}"
            )
        reason = f"{known.deviation}: {known.title}"
        strict = not (known.chance or cell.backend.third_party)  # anyone's own may do better
        item.add_marker(pytest.mark.xfail(strict=strict, raises=AssertionError, reason=reason))
        item.stash[outcomes.KNOWN] = known
    deviation = known.deviation if known else ""
    facts = {
        "cell": cell.id,
        "ids": [one.id for one in bound],
        "test": name,
        "deviation": deviation,
    }
    item.user_properties.append(outcomes.facts_property(facts))
    item.user_properties.extend(("requirement", one.id) for one in bound)


def _name(item: pytest.Item, cell: Cell) -> str:
    """The test's name with its parameters, but without the cell."""
    name: str = getattr(item, "originalname", item.name)
    parameters = item.callspec.id.removeprefix(cell.id).removeprefix("-")  # type: ignore[attr-defined]
    return f"{name}[{parameters}]" if parameters else name


# Running a test.


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """After a test's own assertions, what must hold in every test."""
    result = yield
    if opened := pyfuncitem.stash.get(OPEN_PAGE, None):
        opened.check_invariants()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    cell = _cell(item)
    if cell and item.get_closest_marker("observes"):
        outcomes.note_observation(item, report)
    elif cell:
        outcomes.judge(item, call, report, cell, _requirements(item.config, item))
    return report


# Verdicts.


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    facts = outcomes.facts_of(report)
    if facts and _verdicts is not None:
        _verdicts.spent(report.duration, "takes_time" in report.keywords)
        if "outcome" in facts:
            _verdicts.add(facts, getattr(report, outcomes.FAILURE, None))
        if "seen" in facts:
            _verdicts.census[facts["cell"], facts["topic"]] = facts["seen"]


_verdicts: Verdicts | None = None


def pytest_sessionstart(session: pytest.Session) -> None:
    global _verdicts
    _verdicts = session.config.stash[VERDICTS]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    verdicts = config.stash[VERDICTS]
    if hasattr(config, "workeroutput"):
        config.workeroutput[outcomes.PROPERTY] = (
            sorted(verdicts.wire_only),
            [[*place, reason] for place, reason in verdicts.not_applicable.items()],
        )
    if hasattr(config, "workerinput") or not config.stash[CELLS]:
        return
    if exitstatus in (0, 1, 5):
        verdicts.narrowed = _narrowed(config)
        verdicts.find_stale(config.stash[EXPECTED])
        if exitstatus in (0, 5) and verdicts.fail_the_run():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if folder := config.getoption("--report"):
        write_report(folder, config, verdicts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker of pytest-xdist has ended: take over what only it, which collects, has seen."""
    wire_only, left_out = getattr(node, "workeroutput", {}).get(outcomes.PROPERTY, ((), ()))
    node.config.stash[VERDICTS].wire_only.update(wire_only)
    for cell, requirement, reason in left_out:
        node.config.stash[VERDICTS].not_applicable[cell, requirement] = reason


def _narrowed(config: pytest.Config) -> bool:
    """True when the command line chose some tests of the suite: then the others were not selected."""
    option = config.option
    chosen = option.keyword or option.markexpr or getattr(option, "lf", False)
    chosen = chosen or option.deselect or option.ignore or option.maxfail
    named = any("::" in word or word.endswith(".py") for word in config.args)
    modules = config.option.pyargs and any(
        word.startswith("callback_conformance.suite.") for word in config.args
    )
    return bool(chosen) or named or modules


def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    ran = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    if config.stash[CELLS] and ran and not config.option.collectonly:
        for line in reporting.summary(config.stash[VERDICTS], config.getoption("--verdicts")):
            terminalreporter.write_line(line)
        if folder := config.getoption("--report"):
            terminalreporter.write_line(
                f"  pages of this run: callback-conformance report {folder}"
            )
