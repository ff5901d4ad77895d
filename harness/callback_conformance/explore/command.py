"""Explores cells one after the other, as the command line asks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from callback_conformance import ledger, spec
from callback_conformance.backends.services import ServiceFailed, ServiceMissing, Services
from callback_conformance.explore.cell import explore, stage_of
from callback_conformance.explore.findings import Findings, reduced
from callback_conformance.explore.printing import printed
from callback_conformance.results.known_failures import load_known_failures, recorded
from callback_conformance.session.cell import Cell
from callback_conformance.session.open_page import OpenPage
from callback_conformance.session.warm_processes import WarmProcesses
from callback_conformance.session.warmup import WarmUpFailed


class CannotExplore(RuntimeError):
    """An implementation does not run; the message says why."""


def run(
    cells: Sequence[Cell], sequences: int, seed: int, reduce_seconds: float
) -> Iterator[tuple[str, bool]]:
    """The lines to print, each with whether it is about something new. Raises CannotExplore."""
    warm_processes = WarmProcesses(Services())
    try:
        for cell in cells:
            yield from _explored(cell, warm_processes, sequences, seed, reduce_seconds)
    except (WarmUpFailed, ServiceMissing, ServiceFailed) as error:
        raise CannotExplore(str(error)) from error
    finally:
        warm_processes.close()


def _explored(
    cell: Cell, warm_processes: WarmProcesses, sequences: int, seed: int, reduce_seconds: float
) -> Iterator[tuple[str, bool]]:
    specification = spec.load()
    names = recorded({cell.identity.known_as} if cell.adapter.released else set())
    entries = {entry.id: entry for entry in ledger.read_ledger(ledger.LEDGER)}
    known_failures = load_known_failures(specification, names, entries)
    open_page = OpenPage(cell, warm_processes)
    try:
        stage = stage_of(cell, open_page, known_failures, specification)
        findings = Findings(known_failures.deviations(cell.identity))
        with contextlib.suppress(KeyboardInterrupt):  # what was found until then is listed
            explore(cell, stage, findings, sequences, seed)
        for finding in findings.new:
            shorter = reduced(stage, finding, reduce_seconds)
            findings.shortest[finding.difference.requirement] = shorter
        for line in printed(findings, cell, specification):
            yield line, bool(findings.new)
    finally:
        open_page.close()
