"""The result of a run in words: its last lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from callback_conformance.ledger import Impact
from callback_conformance.results import closing as module
from callback_conformance.results.cell import CellIdentity, CellSpec
from callback_conformance.results.closing import closing
from callback_conformance.results.outcome import Outcome, TestedCase
from callback_conformance.results.verdict import Verdicts
from callback_conformance.spec.specification import parse
from tests.tiny import SPEC

IDS = ("ONE-1", "ONE-2", "TWO-1")


@dataclass(frozen=True)
class Entry:
    """An entry of the ledger."""

    title: str
    impact: str = "lost"
    cause: str = "framework"


LEDGER = {
    "scripted-leaks": Entry("One user sees the result of another", "leak"),
    "scripted-is-wrong": Entry("A result that is long enough to need a second line is never shown"),
}


def identity(release: str = "scripted", backend: str = "thread") -> CellIdentity:
    """A cell of the dialect ``background``."""
    return CellIdentity(CellSpec(release, "background", backend), release, {release: "1.0"})


def verdicts(
    *outcomes: Mapping[str, str], cells: Sequence[CellIdentity] = (), narrowed: bool = False
) -> Verdicts:
    """A run: for each cell, the deviation of what is violated, "" if that is new, and "?" for what is not decided."""
    run = Verdicts(parse(SPEC), list(cells) or [identity()], narrowed)
    for cell, failing in zip(run.cells, outcomes, strict=True):
        for id in IDS:
            kind = Outcome.VIOLATED if id in failing else Outcome.HELD
            kind = Outcome.UNDECIDED if failing.get(id) == "?" else kind
            deviation = failing.get(id) if kind == Outcome.VIOLATED else None
            run.add(cell.id, [id], TestedCase(f"test_{id}", kind, "", deviation or None), None)
    return run


def said(run: Verdicts, folder: Path | None = None) -> str:
    """The lines, as one."""
    lines = list(closing(run, LEDGER, folder))
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 20
    return " ".join(" ".join(lines).split())


def test_a_cell_that_conforms_says_so() -> None:
    assert said(verdicts({})).startswith(
        "1 cell conforms (3 requirements verified): scripted 1.0 on thread (background)."
    )


def test_several_cells_that_conform_are_one_sentence() -> None:
    run = verdicts({}, {}, cells=[identity(), identity(backend="gevent")])
    assert said(run).startswith("2 cells, all conform (3 requirements verified): ")


def test_known_violations_are_told_by_what_they_cost_and_the_worst_by_its_title() -> None:
    run = verdicts({"ONE-1": "scripted-is-wrong", "TWO-1": "scripted-leaks"})
    text = said(run)
    assert "scripted 1.0 on thread (background): 2 of 3 requirements violated, all known." in text
    assert "1 leak between users, 1 loss." in text
    assert text.index("One user sees the result of another (scripted-leaks)") < text.index(
        "- A result that is long enough"
    )
    assert "new" not in text
    assert "callback-conformance ledger show ID" in text


def test_a_new_violation_fails_the_run_and_is_named() -> None:
    text = said(verdicts({"ONE-1": "", "TWO-1": "scripted-leaks"}))
    assert "2 of 3 requirements violated, 1 of them new." in text
    assert "new, so the run fails: ONE-1" in text
    assert "TWO-1" not in text


def test_what_is_not_decided_fails_the_run_and_is_named() -> None:
    text = said(verdicts({"ONE-1": "?"}))
    assert "0 of 2 requirements violated. not decided, so the run fails: ONE-1" in text


def test_a_narrowed_run_speaks_of_what_was_selected() -> None:
    assert said(verdicts({}, narrowed=True)).startswith(
        "scripted 1.0 on thread (background): 3 selected requirements verified, none violated."
    )


def test_many_cells_fit_a_screen() -> None:
    cells = [identity(backend=f"backend-{number}") for number in range(6)]
    run = verdicts(*[{"ONE-1": "scripted-leaks"}] * 6, cells=cells)
    text = said(run)
    assert text.count("1 of 3 requirements violated, all known.") == 6
    assert "One user sees" not in text


def test_a_known_failure_that_is_gone_fails_the_run_and_is_named() -> None:
    run = verdicts({})
    run.stale.append("scripted: test_first")
    assert "no test has shown, so the run fails: scripted: test_first" in said(run)


@pytest.mark.parametrize(
    ("folder", "words"),
    [(Path("out"), "callback-conformance report out."), (None, "run with --report=FOLDER.")],
)
def test_the_pages_of_the_run_are_named(folder: Path | None, words: str) -> None:
    assert f"Pages of this run: {words}" in said(verdicts({}), folder)


def test_each_impact_of_the_ledger_has_words() -> None:
    assert set(module.IMPACTS) == set(Impact)
