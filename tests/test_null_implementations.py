"""What an implementation verifies that does nothing, always answers the same, or refuses every program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.page import Page
from callback_conformance.processes import WarmProcess
from callback_conformance.results.report_file import read_run_report
from callback_conformance.results.verdict import Verdict
from callback_conformance.scenario import Button, Field, Scenario, Text, background, give, scenario
from callback_conformance.session.session import AppSession
from tests import null_implementations

ROOT = Path(__file__).parents[1]
BOUND_BY_A_DIALECT = 40  # requirements at the least: that so many are violated shows that tests ran
NULL = [
    null_implementations.idle,
    null_implementations.constant,
    null_implementations.refusing,
    null_implementations.idle_taipy,
    null_implementations.constant_taipy,
]


#: All that have a dialect in one run; on each change, in the dialects to which most tests apply.
RUNS = [
    pytest.param(dialect, marks=[] if dialect in ("background", "taipy") else pytest.mark.nightly)
    for dialect in dict.fromkeys(dialect for adapter in NULL for dialect in adapter.dialects)
]


@pytest.mark.parametrize("dialect", RUNS)
def test_an_implementation_that_runs_no_job_verifies_nothing(dialect: str, tmp_path: Path) -> None:
    names = [adapter.name for adapter in NULL if dialect in adapter.dialects]
    command = [sys.executable, "-m", "pytest", "conformance", "-p", "tests.null_limits",
               "-p", "no:cacheprovider", "-q", "--tb=no", f"--report={tmp_path}", f"--dialect={dialect}",
               *(f"--impl=tests.null_implementations:{name}" for name in names)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    cells = read_run_report(tmp_path / "report.json").cells
    assert [cell.implementation for cell in cells] == names
    for cell in cells:
        ids = {
            verdict: {id for id, v in cell.verdicts.items() if v == verdict} for verdict in Verdict
        }
        assert ids[Verdict.VERIFIED] == set(), (
            f"verified by {cell.implementation}, which runs no job: a test of it decides nothing"
        )
        assert ids[Verdict.NOT_DECIDED] == set(), done.stdout
        assert len(ids[Verdict.VIOLATED]) > BOUND_BY_A_DIALECT


# Their pages open: otherwise they would be no null implementations, but broken ones.

SCENE: Scenario = scenario(
    Button("run"),
    Field("name", "Ada"),
    Text("out", "before"),
    background(
        output="out.children", inputs="run.n_clicks", state="name.value", job=give("{name}")
    ),
)


@pytest.fixture
def page(warm: WarmProcess, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the test's implementation."""
    implementation: Adapter = request.getfixturevalue("implementation")
    session = AppSession(implementation, implementation.dialects[0], Backend("none"), "wire", warm)
    yield session.open(SCENE)
    session.close()


@pytest.mark.parametrize(
    ("implementation", "values"),
    [
        (adapter, ["done"] if adapter.name.startswith("constant") else [])
        for adapter in NULL
        if adapter.name != "refusing"
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_null_implementation_shows_its_page_and_answers(
    implementation: Adapter, values: list[str], page: Page
) -> None:
    assert page.get("out.children") == "before"
    assert page.get("name.value") == "Ada"
    page.click("run")
    page.fence()
    assert page.events.values_of("out.children") == values
    assert list(page.errors) == []
    page.expect_no_job()
