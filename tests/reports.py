"""Runs for the tests of reports: made up, in the form in which pytest and the matrix leave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, CellState, write_cell_result
from callback_conformance.results.failure import Failure, NativeApp, SeenEvent
from callback_conformance.results.outcome import Outcome, TestedCase
from callback_conformance.results.report_file import (
    CellReport,
    RequirementReport,
    RunEnvironment,
    RunReport,
    write_run_report,
)
from callback_conformance.results.verdict import Verdict
from callback_conformance.spec.specification import Requirement, load

EVIL = "</script><script>alert('x')</script><img src=x onerror=alert(1)>&amp;"

EVENTS = [
    SeenEvent(1.0, "page-1", "opens", {"url": "http://127.0.0.1:1"}),
    SeenEvent(2.0, "page-1", "acts", {"prop": "run.n_clicks", "value": 1}),
    SeenEvent(2.1, "page-1", "shows", {"prop": "run.n_clicks", "value": 1, "source": "user"}),
    SeenEvent(3.0, "page-1", "asks", {"output": "out.children", "query": []}),
    SeenEvent(4.0, "job-1", "starts", {"job": "job", "arguments": {"n_clicks": 1}}),
    SeenEvent(5.0, "page-1", "hears", {"output": "out.children", "status": 200, "body": EVIL}),
    SeenEvent(6.0, "job-1", "reaches", {"gate": "gate"}),
    SeenEvent(7.0, "server-77", "passes", {"point": "store read"}),
    SeenEvent(8.0, "job-1", "ends", {}),
    SeenEvent(9.0, "page-1", "loses", {"request": "out.children", "why": "connection cut"}),
    SeenEvent(10.0, "page-1", "shows", {"prop": "out.children", "value": EVIL, "source": "response"}),
]  # fmt: skip

MESSAGE = f"out.children is 'before' on page-1; expected {EVIL!r}"

FAILURE = Failure(
    test="conformance/test_x.py::test_fails[cell]",
    message=MESSAGE,
    trace=f"E   Violation {EVIL}",
    command=f"pytest 'conformance/test_x.py::test_fails[{EVIL}]' --impl=x",
    events=tuple(EVENTS),
    programs=(NativeApp(f"print({EVIL!r})\n", {"data.txt": EVIL}, EVIL),),
)

DEVIATION = "dash-result-lost-on-return"


def cell(
    release: str = "dash@4.4.1",
    dialect: str = "background",
    backend: str = "diskcache",
    violated: Mapping[str, str] | None = None,
    undecided: Sequence[str] = (),
    excluded: Mapping[str, str] | None = None,
) -> CellReport:
    """A cell of a run: all that binds the dialect is verified but what is ``violated`` (the requirement, and its
    known deviation or nothing), ``undecided``, or ``excluded`` by its backend (the requirement, and why)."""
    name, _, version = release.partition("@")
    violated, excluded = violated or {}, excluded or {}

    def report(requirement: Requirement) -> RequirementReport:
        id = requirement.id
        if dialect not in requirement.dialects or id in excluded:
            reason = excluded.get(id)
            return RequirementReport(requirement.level, Verdict.NOT_APPLICABLE, reason, ())
        if id in undecided:
            return RequirementReport(requirement.level, Verdict.NOT_DECIDED, None, ())
        held = TestedCase("test_holds", Outcome.HELD)
        if id not in violated:
            return RequirementReport(requirement.level, Verdict.VERIFIED, None, (held,))
        fails = TestedCase("test_fails", Outcome.VIOLATED, MESSAGE, violated[id] or None)
        return RequirementReport(requirement.level, Verdict.VIOLATED, None, (held, fails))

    return CellReport(
        cell=CellSpec(release, dialect, backend),
        implementation=name,
        versions={name: version or "0.1.0"},
        failures={"test_fails": FAILURE} if violated else {},
        observations={"an older job": "stopped"},
        requirements={id: report(each) for id, each in load().requirements.items()},
    )


def run(*cells: CellReport) -> RunReport:
    """What one pytest has found out of these cells."""
    return RunReport(
        suite="0.1.0",
        specification=load().hash,
        environment=RunEnvironment("3.12", "Linux", ("pytest", "conformance")),
        started="2026-01-02T03:04:05Z",
        seconds=12.5,
        seed=None,
        narrowed=False,
        cells=cells,
    )


def write_run(folder: Path, *cells: CellReport) -> Path:
    """A folder as ``--report=folder`` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_run_report(folder, run(*cells))
    return folder


def write_matrix(
    folder: Path, cells: Sequence[CellReport], missing: Sequence[CellResult] = ()
) -> Path:
    """A folder as a matrix leaves it; ``missing`` are cells that did not run."""
    for report in cells:
        place = write_run(folder / "cells" / report.cell.id, report)
        command = f"pytest conformance --impl={report.cell.release}"
        result = CellResult(report.cell, CellState.RAN, "", 12.5, command, verdicts=report.verdicts)
        write_cell_result(place, result)
    for result in missing:
        place = folder / "cells" / result.id
        place.mkdir(parents=True)
        write_cell_result(place, result)
    return folder
