"""A fault as a report to its maintainer: what it holds, and that it stands alone."""

from __future__ import annotations

import re

import pytest

from callback_conformance import ledger
from callback_conformance.ledger import Deviation, entries_of, fault_report, issue, run
from callback_conformance.ledger.run import ReproducerRun
from tests.command import typed

ENTRIES = ledger.read_ledger(ledger.LEDGER)
FAULTS = sorted({(entry.release, entry.fault.slug) for entry in ENTRIES})
#: What costs users most, and has a workaround that was tried.
STRONGEST = [
    "dash/one-slot-per-source-and-arguments",
    "dash/failure-markers-cached",
    "dash/job-starts-before-cache-lookup",
    "dash/no-process-no-result-is-success",
    "dash/result-looked-up-before-process",
    "dash/failed-poll-ends-run",
    "dash/callbacks-without-output-are-one",
    "dash/celery-tasks-share-one-name",
    "dash/celery-deletes-wrong-key",
    "taipy/empty-addressee-is-everybody",
]
#: What only a reader of this repository understands.
OURS = re.compile(r"\b(Alice|Bob|SPEC\.md|conformance|[A-Z]{3,}-\d+)\b")


@pytest.fixture
def without_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs are held by test_ledger_export."""
    monkeypatch.setattr(fault_report, "export", lambda entry: "program\n")


@pytest.mark.usefixtures("without_programs")
@pytest.mark.parametrize(("release", "fault"), FAULTS, ids=map("/".join, FAULTS))
def test_a_report_names_nothing_that_its_reader_does_not_have(release: str, fault: str) -> None:
    entries = entries_of(fault, release)
    text = issue(entries, {})
    others = [
        entry.id
        for entry in ENTRIES
        if entry not in entries and re.search(rf"(?<![\w-]){entry.id}(?![\w-])", text)
    ]
    assert others == []
    assert OURS.findall(text) == []


@pytest.mark.parametrize("fault", STRONGEST)
def test_the_strongest_reports_are_complete(fault: str) -> None:
    release, _, slug = fault.partition("/")
    entries = entries_of(slug, release)
    newest = max(entries[0].verified)
    text = issue(entries, {entries[0].id: ("expected: a\nseen: b", newest)})
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert parts == [
        "What happens", "Why", "A program that shows it", "Workaround", "What could be done",
    ]  # fmt: skip
    assert re.search(r"^- \*\*Since:\*\* \d", text, re.MULTILINE)
    assert "**Fixed in:** no release" in text
    assert f"(Tried on {newest}.)" in text
    assert "seen: b" in text
    assert re.search(r"^    pip install (dash|taipy-gui)==\d", text, re.MULTILINE)
    for part in text.split("\n## ")[1:]:
        assert len(part.partition("\n")[2].strip()) > 40, part


def test_the_newest_version_decides_which_entries_are_reported() -> None:
    ids = [entry.id for entry in entries_of("one-slot-per-source-and-arguments", "dash")]
    assert ids[0] == "dash-sessions-share-result"
    assert "dash-interval-arguments-share-result" not in ids


def test_an_entry_that_is_named_comes_first() -> None:
    entries = entries_of("dash-result-lost-on-return")
    assert entries[0].id == "dash-result-lost-on-return"
    assert entries[1].id == "dash-sessions-share-result"


def test_what_the_reproducers_print_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed(each: ReproducerRun, running: run.RunningPrograms) -> tuple[int, str]:
        return (1, f"seen: {each.deviation.id}") if "failure" in each.deviation.id else (2, "")

    monkeypatch.setattr(run, "run_reproducer", printed)
    assert typed("ledger", "issue", "failure-markers-cached") == 0
    shown = capsys.readouterr()
    assert "seen: dash-failure-cached" in shown.out
    assert shown.err == "not shown on the installed release: dash-decline-cached\n"


def test_who_reports_a_leak_is_reminded_of_the_security_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert typed("ledger", "issue", "empty-addressee-is-everybody", "--no-run") == 0
    assert "report it as the project's security policy says" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [(("nothing",), "'nothing' is no fault and no entry"),
     (("read-then-delete", "--release=taipy"), "'read-then-delete' is no fault of taipy")],
)  # fmt: skip
def test_what_names_no_fault_is_an_error(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("ledger", "issue", *words) == 2
    assert message in capsys.readouterr().err


def versions_of(entry: Deviation) -> str:
    """What a report says of the versions of an entry."""
    text = issue([entry], {})
    return " ".join(line for line in text.splitlines() if line.startswith(("- **Since", "- **Fix")))


@pytest.mark.usefixtures("without_programs")
def test_a_report_says_since_when_and_until_when() -> None:
    entry = ledger.find_deviation("dash-coroutine-job-is-success")
    said = versions_of(entry)
    assert "**Since:** 2.6;" in said
    assert "**Fixed in:** 3.1;" in said


def test_each_impact_has_words() -> None:
    assert set(fault_report.IMPACTS) == set(ledger.Impact)
