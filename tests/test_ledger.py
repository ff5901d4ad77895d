"""The ledger of deviations: its reproducers are run, and what it says agrees with the specification."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.adapters import adapter
from callback_conformance.plugin import ledger
from callback_conformance.plugin.expected import FOLDER
from callback_conformance.processes import Environment, EnvironmentNotMade
from tests.suite import suite_tests

ENTRY = """\
+++
id = "{id}"
title = "it does it wrong"
release = "puppet"
versions = ">=0"
+++
What is seen.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ledger."""
    monkeypatch.setattr(ledger, "LEDGER", tmp_path)
    return tmp_path


def entry(folder: Path, id: str, program: str) -> None:
    """Add an entry and its reproducer."""
    (folder / f"{id}.md").write_text(ENTRY.format(id=id))
    (folder / f"{id}.py").write_text(program)


@pytest.mark.parametrize(
    ("program", "status", "word"),
    [
        ("raise SystemExit(1)", 0, "there"),
        ("print('it holds')", 1, "GONE"),
        ("raise SystemExit(2)", 1, "UNDECIDED"),
    ],
)
def test_a_reproducer_says_whether_its_deviation_is_there(
    folder: Path, program: str, status: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "puppet-is-wrong", program)
    assert ledger.main([]) == status
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == f"{word:<10} puppet-is-wrong: it does it wrong"
    assert ("1 trials are not as the ledger says" in printed) == bool(status)


def test_what_a_reproducer_that_failed_has_printed_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "puppet-is-wrong", "print('it holds')")
    ledger.main([])
    assert "  it holds\n" in capsys.readouterr().out


def test_a_reproducer_that_hangs_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "SECONDS", 0.1)
    entry(folder, "puppet-is-wrong", "import threading; threading.Event().wait()")
    assert ledger.main([]) == 1


def test_some_reproducers_may_be_chosen_by_a_word(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "puppet-is-wrong", "raise SystemExit(1)")
    entry(folder, "puppet-is-late", "raise SystemExit(0)")
    assert ledger.main(["wrong"]) == 0
    assert "puppet-is-late" not in capsys.readouterr().out


# The ledger of this repository.


def test_every_known_failure_names_a_test_of_the_suite_that_covers_its_requirement() -> None:
    covered = {test.name: test.ids for test in suite_tests()}
    there = {one.id: one for one in ledger.read_ledger(ledger.LEDGER)}
    for file in FOLDER.glob("*.toml"):
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["failure"]:
            assert there[one["deviation"]].release == file.stem, one
            for test in one["tests"]:
                assert one["requirement"] in covered[test.partition("[")[0]], one


def of(versions: str, *verified: str, needs: tuple[str, ...] = ()) -> ledger.Deviation:
    """An entry of a release that is installed beside the suite."""
    return ledger.Deviation("x", "x", "dash", versions, verified, "", needs, Path("x.py"))


def trial(version: str, versions: str = "<3", needs: tuple[str, ...] = ()) -> ledger.Trial:
    """A trial on an older version."""
    return ledger.Trial(of(versions, version, needs=needs), version, beside=False)


def test_a_reproducer_runs_on_the_newest_release_wherever_it_was_verified() -> None:
    for deviation in (of(">=4", "4.3.0"), of("<3", "2.18.2")):
        (one,) = ledger.beside(deviation)
        assert ledger.interpreter(one) == sys.executable


def test_a_reproducer_runs_on_the_first_and_the_last_version_that_it_names() -> None:
    found = ledger.older(of("<3", "2.5.1", "2.18.2", "2.9.3"))
    assert [one.version for one in found] == ["2.5.1", "2.18.2"]
    assert [one.version for one in ledger.older(of("<3", "2.5.1"))] == ["2.5.1"]


def test_a_release_may_be_named() -> None:
    assert [one.version for one in ledger.on(of("<3"), ["dash@2.9.3", "taipy@3.0.0"])] == ["2.9.3"]


@pytest.mark.parametrize(
    ("versions", "status", "judged"),
    [
        ("<3", 1, ("there", True)),
        ("<3", 0, ("GONE", False)),
        ("<3", 2, ("UNDECIDED", False)),
        (">=3", 1, ("UNSAID", False)),
        (">=3", 0, ("gone", True)),
        (">=3", 2, ("gone", True)),
    ],
)
def test_a_deviation_is_there_where_the_ledger_says_so_and_nowhere_else(
    versions: str, status: int, judged: tuple[str, bool]
) -> None:
    assert ledger.judge(trial("2.9.3", versions), status) == judged


@pytest.mark.parametrize(
    ("needs", "more"),
    [((), ()), (("browser",), ("playwright",)), (("websocket",), ("websocket-client",))],
)
def test_an_older_version_has_an_environment_of_its_own(
    monkeypatch: pytest.MonkeyPatch, needs: tuple[str, ...], more: tuple[str, ...]
) -> None:
    asked: list[tuple[str, ...]] = []

    def made_for(requirements: Any, python: str, distributions: Any) -> Environment:
        asked.append(requirements)
        return Environment("/its/python", {})

    monkeypatch.setattr(adapter, "made_for", made_for)
    assert ledger.interpreter(trial("2.18.2", needs=needs)) == "/its/python"
    assert asked[0][0] == "dash==2.18.2"
    assert asked[0][-1:] == (more or asked[0][-1:])


def test_what_cannot_be_made_leaves_a_deviation_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def made_for(requirements: Any, python: str, distributions: Any) -> Environment:
        raise EnvironmentNotMade("there is no network")

    monkeypatch.setattr(adapter, "made_for", made_for)
    assert ledger.run(trial("2.5.1")) == (2, "there is no network")
