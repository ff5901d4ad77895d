"""The suite, installed as a wheel, runs in an empty folder against what is installed beside it."""

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
#: What Dash violates.
KNOWN = "test_a_run_does_not_show_the_result_of_one_whose_page_was_reloaded"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Has the suite's wheel, and Dash."""
    return shared_machine(tmp_path_factory)


@dataclass(frozen=True)
class Ran:
    """What one run has printed and left: in its folder, and among what is installed."""

    printed: str
    report: dict[str, Any]
    folder: Path
    installed: set[Path]


@pytest.fixture(scope="module")
def ran(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One test, of what Dash is known to violate; what is known is told like anything else."""
    folder, report = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("report")
    before = _installed(machine)
    words = ("--impl=dash", "-k", KNOWN, "--runxfail", f"--report={report}")
    done = machine.run(*RUN, *words, folder=folder)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    found = json.loads((report / "report.json").read_text(encoding="utf-8"))
    return Ran(done.stdout, found, folder, _installed(machine) - before)


def _installed(machine: Machine) -> set[Path]:
    """The files of the environment, but for those that Python compiles where it may."""
    files = machine.folder.rglob("*")
    return {file for file in files if file.suffix != ".pyc" and file.name != "__pycache__"}


def test_an_installed_implementation_is_judged_from_an_empty_folder(ran: Ran) -> None:
    assert "dash-background-diskcache-wire (dash 4." in ran.printed
    assert "  violated: RESULT-11   dash-abandoned-result-served" in ran.printed
    assert ran.report["specification"] == load().hash


def test_nothing_but_pytests_cache_is_left_in_the_folder(ran: Ran) -> None:
    assert [file.name for file in ran.folder.iterdir()] == [".pytest_cache"]
    assert not ran.installed  # its place may be one that cannot be written to


def test_a_failure_names_the_command_that_runs_its_test_again(machine: Machine, ran: Ran) -> None:
    [command] = re.findall(r"^run this test again: (.+)$", ran.printed, re.MULTILINE)
    again = machine.run(*shlex.split(command), folder=ran.folder)
    assert again.returncode == pytest.ExitCode.OK, again.stdout + again.stderr
    assert "1 xfailed" in again.stdout
    assert "not selected" in again.stdout


def test_without_an_implementation_it_says_what_to_name(machine: Machine, tmp_path: Path) -> None:
    done = machine.run(*RUN, folder=tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no implementation is named; say which to judge" in done.stderr


def test_the_ledger_is_installed_with_its_reproducers(machine: Machine, tmp_path: Path) -> None:
    words = ("callback-conformance", "ledger", "run", "dash-running-pairs-refused")
    done = machine.run(*words, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("present     dash-running-pairs-refused: ")


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


def test_the_readme_says_the_command() -> None:
    assert " ".join(RUN) in (ROOT / "README.md").read_text(encoding="utf-8")
