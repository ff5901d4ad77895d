"""What others make is judged where they are: a package that offers an implementation by its entry point."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.machines import Machine, shared_machine
from tests.tiny import ROOT

RUN = ("pytest", "--pyargs", "callback_conformance.suite")
CANCEL = ("pytest", "--pyargs", "callback_conformance.suite.test_06_cancel")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Has the suite, and the package of a third party."""
    return shared_machine(tmp_path_factory)


@pytest.fixture(scope="module")
def printed(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of two tests says of the package's implementations."""
    chosen = "test_a_cancel_stops_the_job or test_a_cancel_without_a_job"
    words = ("--impl=my_dash", "--impl=careless_dash", "-k", chosen)
    done = machine.run(*CANCEL, *words, folder=tmp_path_factory.mktemp("empty"))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    return done.stdout


def test_an_entry_point_gives_an_implementation_its_name(printed: str) -> None:
    found = verdicts(printed, "my_dash-background-diskcache-wire (my_dash 0.1.0)")
    assert found[:2] == ["2", "."], printed  # verified, violated


def test_a_faulty_one_is_convicted_of_its_fault_alone(printed: str) -> None:
    found = verdicts(printed, "careless_dash-background-diskcache-wire (careless_dash 0.1.0)")
    assert found[:2] == ["1", "1"], printed
    assert printed.count("  violated: ") == printed.count("  violated: CANCEL-1    NEW") == 1
    assert "did not end" in printed


def test_a_backend_is_judged_with_the_workers_and_services_that_its_pyproject_names(
    machine: Machine, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "examples" / "dash_rq" / "pyproject.toml", tmp_path)
    chosen = "test_a_cancel_stops_the_job or test_a_run_does_not_show_the_result_of_one_whose_page"
    words = ("--impl=dash", "--backend=dash_rq:make_manager", "-k", chosen)
    done = machine.run(
        *CANCEL, "callback_conformance.suite.test_02_result_delivery", *words, folder=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  better than dash with its own backends: RESULT-11" in done.stdout
    assert "violated:" not in done.stdout


def verdicts(printed: str, cell: str) -> list[str]:
    """The numbers of chapter 6 under a cell's heading."""
    lines = printed.partition(f"\n{cell}\n")[2].splitlines()
    return next(line for line in lines if line.startswith("   6 Cancel")).split()[2:]


def test_a_name_that_nobody_offers_is_answered_with_those_there_are(
    machine: Machine, tmp_path: Path
) -> None:
    done = machine.run(*RUN, "--impl=your_dash", folder=tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    listed = "Choose from careless_dash, dash, dash_labs, dash_style, my_dash, taipy, taipy_style;"
    assert listed in done.stderr
