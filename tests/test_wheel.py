"""The suite, installed as a wheel, runs in an empty folder and tests what is installed beside it."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.spec.specification import load
from tests.machines import Machine, shared_machine
from tests.tiny import ROOT

RUN = ("pytest", "--pyargs", "callback_conformance.suite")
#: A test that Dash is known to fail.
KNOWN_FAILURE = "test_a_run_does_not_show_the_result_of_one_whose_page_was_reloaded"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine that has the wheel of the suite, and Dash."""
    return shared_machine(tmp_path_factory)


@dataclass(frozen=True)
class Run:
    """What a run has printed and left behind."""

    printed: str
    report: dict[str, Any]
    folder: Path
    #: The files that it has added to the environment.
    added: set[Path]


@pytest.fixture(scope="module")
def run(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of one known failure of Dash, which ``--runxfail`` reports like any other failure."""
    folder, report = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("report")
    before = _installed(machine)
    words = ("--impl=dash", "-v", "-k", KNOWN_FAILURE, "--runxfail", f"--report={report}")
    process = machine.run(*RUN, *words, folder=folder)
    assert process.returncode == pytest.ExitCode.TESTS_FAILED, process.stdout + process.stderr
    content = json.loads((report / "report.json").read_text(encoding="utf-8"))
    return Run(process.stdout, content, folder, _installed(machine) - before)


def _installed(machine: Machine) -> set[Path]:
    """The files of the environment, without those that Python compiles."""
    files = machine.folder.rglob("*")
    return {file for file in files if file.suffix != ".pyc" and file.name != "__pycache__"}


def test_an_installed_implementation_is_tested_from_an_empty_folder(run: Run) -> None:
    assert "dash-background-diskcache-wire (dash 4." in run.printed
    assert "  violated: RESULT-11   dash-abandoned-result-served" in run.printed
    assert run.report["specification"] == load().hash


def test_a_run_leaves_only_the_cache_of_pytest_in_its_folder(run: Run) -> None:
    assert [file.name for file in run.folder.iterdir()] == [".pytest_cache"]
    assert not run.added  # the environment may be read-only


def test_a_failure_prints_the_command_that_runs_its_test_again(machine: Machine, run: Run) -> None:
    [command] = re.findall(r"^run this test again: (.+)$", run.printed, re.MULTILINE)
    again = machine.run(*shlex.split(command), folder=run.folder)
    assert again.returncode == pytest.ExitCode.OK, again.stdout + again.stderr
    assert "1 xfailed" in again.stdout
    assert "1 of 1 selected requirement violated, all known." in " ".join(again.stdout.split())


def test_a_run_without_an_implementation_is_a_usage_error_that_says_what_to_name(
    machine: Machine, tmp_path: Path
) -> None:
    process = machine.run(*RUN, folder=tmp_path)
    assert process.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no implementation is named; choose what to test" in process.stderr


def test_an_installed_ledger_runs_its_reproducers(machine: Machine, tmp_path: Path) -> None:
    words = ("callback-conformance", "ledger", "run", "dash-running-pairs-refused")
    process = machine.run(*words, folder=tmp_path)
    assert process.returncode == 0, process.stdout + process.stderr
    assert process.stdout.startswith("present     dash-running-pairs-refused: ")


def test_a_wheel_installs_an_extra_from_its_own_file(machine: Machine, tmp_path: Path) -> None:
    program = "from callback_conformance.install import install_command as c; print(c('ours'))"
    command = machine.run("python", "-c", program, folder=tmp_path).stdout
    *_, requirement = shlex.split(command)
    assert requirement.endswith(".whl[ours]")
    assert Path(requirement.removesuffix("[ours]")).is_file()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("list", "releases"), "dash_labs     0.3.0 0.4.0"),
        (("matrix", "--list", "taipy@4.1.2", "gevent"), "taipy@4.1.2-taipy-gevent-wire"),
    ],
)
def test_the_matrix_is_installed(
    machine: Machine, tmp_path: Path, words: tuple[str, ...], line: str
) -> None:
    printed = machine.run("callback-conformance", *words, folder=tmp_path).stdout
    assert line in printed.splitlines()


def test_the_specification_is_written_in_a_checkout_only(machine: Machine, tmp_path: Path) -> None:
    written = machine.run("callback-conformance", "spec", "write", folder=tmp_path)
    assert written.returncode == 2
    assert "an installed suite has spec.json only; run this in a checkout" in written.stderr


def test_the_readme_names_the_command() -> None:
    assert " ".join(RUN) in (ROOT / "README.md").read_text(encoding="utf-8")
