"""Third-party packages are tested where they are installed: implementations with an entry point, and a backend."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.machines import Machine, shared_machine
from tests.tiny import ROOT

RUN = ("pytest", "--pyargs", "callback_conformance.suite")
CANCEL = ("pytest", "-v", "--pyargs", "callback_conformance.suite.test_06_cancel")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine that has the suite, and third-party packages beside it."""
    return shared_machine(tmp_path_factory)


@pytest.fixture(scope="module")
def printed(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of two tests prints about two implementations of the package."""
    chosen = "test_a_cancel_stops_the_job or test_a_cancel_without_a_job_starts_none"
    words = ("--impl=my_dash", "--impl=careless_dash", "-k", chosen)
    run = machine.run(*CANCEL, *words, folder=tmp_path_factory.mktemp("empty"))
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    return run.stdout


def test_an_implementation_is_named_by_its_entry_point(printed: str) -> None:
    counts = chapter_6(printed, "my_dash-background-diskcache-wire (my_dash 0.1.0)")
    assert counts[:2] == ["2", "."], printed  # verified, violated


def test_a_faulty_implementation_violates_only_the_requirement_of_its_fault(printed: str) -> None:
    counts = chapter_6(printed, "careless_dash-background-diskcache-wire (careless_dash 0.1.0)")
    assert counts[:2] == ["1", "1"], printed
    assert printed.count("  violated: ") == printed.count("  violated: CANCEL-1    NEW") == 1
    assert "did not end" in printed


def test_what_wraps_dash_has_its_known_failures(machine: Machine, tmp_path: Path) -> None:
    known = "test_a_run_with_the_arguments_of_a_cancelled_one_delivers"
    chosen = f"test_a_cancel_stops_the_job or {known}"
    run = machine.run(*CANCEL, "--impl=dash_proxy", "-k", chosen, folder=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    [cell] = re.findall(r"dash_proxy-background-diskcache-wire \(dash_proxy \S+\)", run.stdout)
    assert chapter_6(run.stdout, cell)[:2] == ["1", "1"], run.stdout
    assert "  violated: CANCEL-6    dash-result-lost-after-cancel" in run.stdout


@pytest.mark.parametrize("example", ["dash_huey", "dash_rq"])
def test_a_backend_runs_with_the_workers_and_services_in_its_pyproject(
    machine: Machine, tmp_path: Path, example: str
) -> None:
    shutil.copy(ROOT / "examples" / example / "pyproject.toml", tmp_path)
    chosen = "test_a_cancel_stops_the_job or test_a_run_does_not_show_the_result_of_one_whose_page"
    words = ("--impl=dash", f"--backend={example}:make_manager", "-k", chosen)
    run = machine.run(
        *CANCEL, "callback_conformance.suite.test_02_result_delivery", *words, folder=tmp_path
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "  better than dash with its own backends: RESULT-11" in run.stdout
    assert "violated:" not in run.stdout


def test_a_backends_own_fault_is_new_where_dash_fails_with_equal_arguments_only(
    machine: Machine, tmp_path: Path
) -> None:
    suite = "callback_conformance.suite"
    modules = (f"{suite}.test_02_result_delivery", f"{suite}.test_18_sessions_and_isolation")
    backends = ("shared_progress", "key_without_arguments")
    named = [f"--backend=careless_backends:{name}" for name in backends]
    chosen = "test_after_a_second_trigger_the_newest or test_progress_reaches_no_other_user"
    words = ("-v", "--pyargs", *modules, "--impl=dash", *named, "-k", chosen)
    run = machine.run("pytest", *words, folder=tmp_path)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    _, progress, arguments = re.split(r"\ndash-background-careless_backends:\w+-wire", run.stdout)
    violated = re.compile(r"  violated: (\S+) +(.+)")
    assert violated.findall(progress) == [("ISO-5", "NEW")]
    assert ("RESULT-8", "NEW") in violated.findall(arguments)


def chapter_6(printed: str, cell: str) -> list[str]:
    """The counts of chapter 6 under the heading of a cell: verified, violated and so on."""
    lines = printed.partition(f"\n{cell}\n")[2].splitlines()
    return next(line for line in lines if line.startswith("   6 Cancel")).split()[2:]


def test_an_unknown_name_is_a_usage_error_that_lists_the_names_to_choose_from(
    machine: Machine, tmp_path: Path
) -> None:
    run = machine.run(*RUN, "--impl=your_dash", folder=tmp_path)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    listed = "Choose from careless_dash, dash, dash_labs, dash_proxy, dash_style, my_dash, taipy, taipy_style;"
    assert listed in run.stderr
