"""The ledger of deviations: its reproducers are run, and what it says agrees with the specification."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from callback_conformance import ledger
from callback_conformance.adapters import adapter
from callback_conformance.ledger import Outcome, entries, index, run
from callback_conformance.processes import Environment, EnvironmentNotMade
from callback_conformance.results.known_failures import FOLDER
from tests.command import typed
from tests.suite import suite_tests

FAULT = 'title = "A fault"\ncause = "It is wrong."\n'

ENTRY = """\
+++
id = "{id}"
title = "it does it wrong"
release = "scripted"
versions = ">=0"
impact = "lost"
cause = "framework"
+++
What is seen.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ledger."""
    monkeypatch.setattr(entries, "LEDGER", tmp_path)
    return tmp_path


def entry(folder: Path, id: str, program: str) -> None:
    """Add an entry and its reproducer."""
    fault = folder / "scripted" / "a-fault"
    fault.mkdir(parents=True, exist_ok=True)
    (fault / "fault.toml").write_text(FAULT)
    (fault / f"{id}.md").write_text(ENTRY.format(id=id))
    (fault / f"{id}.py").write_text(program)


@pytest.mark.parametrize(
    ("program", "status", "word"),
    [
        ("print('seen: it')\nraise SystemExit(1)", 0, "present"),
        ("raise NameError('a mistake')", 3, "NOT DECIDED"),
        ("print('it holds')", 1, "GONE"),
        ("raise SystemExit(2)", 3, "NOT DECIDED"),
    ],
)
def test_a_reproducer_says_whether_its_deviation_is_there(
    folder: Path, program: str, status: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "scripted-is-wrong", program)
    assert typed("ledger", "run") == status
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == f"{word:<11} scripted-is-wrong: it does it wrong"
    assert ("runs that contradict the ledger: 1" in printed) == (status == 1)
    assert ("runs that are not decided and prove nothing: 1" in printed) == (status == 3)


def test_what_a_reproducer_that_failed_has_printed_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "scripted-is-wrong", "print('it holds')")
    typed("ledger", "run")
    assert "  it holds\n" in capsys.readouterr().out


def test_a_reproducer_that_hangs_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TIMEOUT_SECONDS", 0.1)
    entry(folder, "scripted-is-wrong", "import threading; threading.Event().wait()")
    assert typed("ledger", "run") == 3


def test_some_reproducers_may_be_chosen_by_a_word(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "scripted-is-wrong", "print('seen: it')\nraise SystemExit(1)")
    entry(folder, "scripted-is-late", "raise SystemExit(0)")
    assert typed("ledger", "run", "wrong") == 0
    assert "scripted-is-late" not in capsys.readouterr().out


def test_a_word_that_no_id_contains_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry(folder, "scripted-is-wrong", "raise SystemExit(1)")
    assert typed("ledger", "run", "nowhere") == 2
    assert capsys.readouterr().err.startswith(
        "callback-conformance ledger run: 'nowhere' names no release and no fault of the ledger"
    )


def test_an_entry_without_a_fault_is_an_error(folder: Path) -> None:
    entry(folder, "scripted-is-wrong", "raise SystemExit(1)")
    (folder / "scripted" / "a-fault" / "fault.toml").unlink()
    with pytest.raises(ledger.BadEntry, match=r"scripted/a-fault/fault\.toml is missing"):
        ledger.read_ledger(folder)


def test_a_deviation_is_found_by_its_id(folder: Path) -> None:
    entry(folder, "scripted-is-wrong", "raise SystemExit(1)")
    assert ledger.find_deviation("scripted-is-wrong", folder).fault.title == "A fault"
    with pytest.raises(ledger.UnknownDeviation, match="no deviation 'scripted-is-late'"):
        ledger.find_deviation("scripted-is-late", folder)


# The ledger of this repository.


def test_every_known_failure_names_a_test_of_the_suite_that_covers_its_requirement() -> None:
    covered = {test.name: test.ids for test in suite_tests()}
    deviations = {deviation.id: deviation for deviation in ledger.read_ledger(ledger.LEDGER)}
    for file in FOLDER.glob("*.toml"):
        for failure in tomllib.loads(file.read_text(encoding="utf-8"))["failure"]:
            assert deviations[failure["deviation"]].release == file.stem, failure
            for test in failure["tests"]:
                assert failure["requirement"] in covered[test.partition("[")[0]], failure


def known_deviations() -> set[str]:
    """The ids that stand in the lists of known failures."""
    return {
        failure["deviation"]
        for file in FOLDER.glob("*.toml")
        for failure in tomllib.loads(file.read_text(encoding="utf-8"))["failure"]
    }


def test_each_deviation_is_shown_by_a_test_or_says_why_none_can() -> None:
    deviations = ledger.read_ledger(ledger.LEDGER)
    shown = known_deviations()
    silent = [
        deviation.id
        for deviation in deviations
        if deviation.id not in shown and not deviation.untested
    ]
    assert silent == [], "no known failure names these, and they have no `untested`"
    needless = [
        deviation.id for deviation in deviations if deviation.id in shown and deviation.untested
    ]
    assert needless == [], "a known failure names these: delete `untested`"


#: Entries whose remedy is still to be tried. None may be added.
NOT_TRIED_YET = {
    "dash-handles-in-log",
    "dash-labs-stranger-acts-on-run",
    "dash-labs-unreadable-request-is-500",
    "dash-number-of-dead-job-stopped",
    "dash-page-has-any-number-of-processes",
    "dash-page-id-may-be-cached",
    "dash-unreadable-request-is-500",
}


def test_each_remedy_was_tried() -> None:
    deviations = ledger.read_ledger(ledger.LEDGER)
    unlike = [
        deviation.id
        for deviation in deviations
        if ("**What a maintainer could do.**" in deviation.text) != bool(deviation.remedy_tried)
    ]
    assert set(unlike) == NOT_TRIED_YET, (
        "try what a maintainer could do (`remedy_tried`), or leave it out"
    )


def test_a_remedy_was_tried_on_a_copy_or_on_a_version_that_contains_it() -> None:
    """A copy has the deviation, and tests beside the reproducer show that it is whole; a later version has it not."""
    for deviation in ledger.read_ledger(ledger.LEDGER):
        if version := deviation.remedy_tried:
            on_copy = version in deviation.verified
            is_later = not SpecifierSet(deviation.versions, prereleases=True).contains(version)
            assert on_copy != is_later, deviation.id
            assert bool(deviation.remedy_tests) == on_copy, deviation.id


def test_no_id_is_used_twice() -> None:
    ids = [deviation.id for deviation in ledger.read_ledger(ledger.LEDGER)]
    readme = (ledger.LEDGER / "README.md").read_text(encoding="utf-8")
    retired = re.findall(r"^\| `([a-z0-9-]+)` \|", readme.partition("## Retired ids")[2], re.M)
    assert retired
    assert len([*ids, *retired]) == len({*ids, *retired})


def test_each_thread_is_of_the_release_or_of_what_it_stands_on() -> None:
    dash = {"plotly", "grantjenks"}  # diskcache
    owners = {"dash": dash, "dash_labs": dash, "taipy": {"Avaiga", "gevent"}}
    for deviation in ledger.read_ledger(ledger.LEDGER):
        assert {thread.partition("/")[0] for thread in deviation.upstream} <= owners[
            deviation.release
        ], deviation.id


def test_the_index_is_in_step_with_the_entries() -> None:
    assert index.index_is_current(), (
        'python -c "from callback_conformance.ledger import *; write_index()"'
    )


def test_each_reproducer_is_exported_as_one_file_in_the_style_of_the_house(tmp_path: Path) -> None:
    for deviation in ledger.read_ledger(ledger.LEDGER):
        text = ledger.export(deviation)
        assert "deviations.common" not in text
        assert "harness" not in text
        ast.parse(text, feature_version=(3, 8))  # the Python of the oldest releases
        (tmp_path / f"{deviation.id}.py").write_text(text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    style = ["--config", str(Path(__file__).parents[1] / "pyproject.toml")]
    for command in (["format", "--check"], ["check", "--select", "F,I"]):
        completed = subprocess.run(
            [*ruff, *command, *style, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert completed.returncode == 0, completed.stdout + completed.stderr


def test_the_readme_lists_each_common_module() -> None:
    readme = (ledger.LEDGER / "README.md").read_text(encoding="utf-8")
    modules = sorted(file.stem for file in (ledger.LEDGER / "common").glob("*.py"))
    assert [module for module in modules if f"\n| `{module}` |" not in readme] == []


def of(
    versions: str, *verified: str, needs: tuple[str, ...] = (), runs_on: str = ">=0"
) -> ledger.Deviation:
    """An entry of a release that is installed beside the suite."""
    fault = ledger.Fault("x", "x", "x")
    where = (ledger.Impact.LOST, ledger.Cause.MANAGER)
    return ledger.Deviation(
        "x",
        "x",
        "dash",
        versions,
        verified,
        *where,
        (),
        needs,
        Path("x.py"),
        fault,
        runs_on=runs_on,
    )


def on_version(
    version: str, versions: str = "<3", needs: tuple[str, ...] = (), runs_on: str = ">=0"
) -> ledger.ReproducerRun:
    """A run on an older version."""
    deviation = of(versions, version, needs=needs, runs_on=runs_on)
    return ledger.ReproducerRun(deviation, version, beside=False)


def test_a_reproducer_runs_on_the_newest_release_wherever_it_was_verified() -> None:
    for deviation in (of(">=4", "4.3.0"), of("<3", "2.18.2")):
        (beside,) = ledger.runs_for([deviation])
        assert run.interpreter(beside) == sys.executable


def test_a_reproducer_does_not_run_where_its_interface_was_removed() -> None:
    assert ledger.runs_for([of("<2.6", "2.5.1", runs_on="<3")]) == []
    status, printed = run.run_reproducer(on_version("3.0.0", runs_on="<3"), run.RunningPrograms())
    assert (status, printed) == (2, "its program can run on <3 only")


def test_a_reproducer_runs_on_the_first_and_the_last_version_that_it_names() -> None:
    ends = ledger.runs_for([of("<3", "2.5.1", "2.18.2", "2.9.3")], on_older=True)
    assert [end.version for end in ends] == ["2.5.1", "2.18.2"]
    assert [end.version for end in run.older(of("<3", "2.5.1"))] == ["2.5.1"]


def test_a_release_may_be_named() -> None:
    runs = ledger.runs_for([of("<3")], releases=["dash@2.9.3", "taipy@3.0.0"])
    assert [named.version for named in runs] == ["2.9.3"]


@pytest.mark.parametrize(
    ("versions", "status", "outcome"),
    [
        ("<3", 1, Outcome.PRESENT),
        ("<3", 0, Outcome.GONE),
        ("<3", 2, Outcome.NOT_DECIDED),
        ("<3", -9, Outcome.NOT_DECIDED),
        (">=3", 1, Outcome.UNLISTED),
        (">=3", 0, Outcome.ABSENT),
        (">=3", 2, Outcome.NOT_DECIDED),
    ],
)
def test_a_deviation_is_there_where_the_ledger_says_so_and_nowhere_else(
    versions: str, status: int, outcome: Outcome
) -> None:
    assert on_version("2.9.3", versions).outcome(status) == outcome
    assert outcome.agrees == (outcome in (Outcome.PRESENT, Outcome.ABSENT))


@pytest.mark.parametrize(
    ("needs", "more"),
    [((), ()), (("browser",), ("playwright",)), (("websocket",), ("websocket-client",))],
)
def test_an_older_version_has_an_environment_of_its_own(
    monkeypatch: pytest.MonkeyPatch, needs: tuple[str, ...], more: tuple[str, ...]
) -> None:
    calls: list[tuple[str, ...]] = []

    def environment_for(requirements: Any, python: str, distributions: Any) -> Environment:
        calls.append(requirements)
        return Environment("/its/python", {})

    monkeypatch.setattr(adapter, "environment_for", environment_for)
    assert run.interpreter(on_version("2.18.2", needs=needs)) == "/its/python"
    assert calls[0][0] == "dash==2.18.2"
    assert calls[0][-1:] == (more or calls[0][-1:])


def test_what_cannot_be_made_leaves_a_deviation_undecided(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def environment_for(requirements: Any, python: str, distributions: Any) -> Environment:
        raise EnvironmentNotMade("there is no network")

    monkeypatch.setattr(adapter, "environment_for", environment_for)
    monkeypatch.setattr(entries, "LEDGER", ledger.LEDGER)
    assert typed("ledger", "run", "--on", "dash@9.9.9", "dash-set-props-missing") == 3
    printed = capsys.readouterr().out
    assert printed.startswith("NOT DECIDED dash-set-props-missing (dash 9.9.9): ")
    assert "there is no network" in printed
    assert "gone" not in printed.lower()
