"""What an implementation verifies that does nothing, always answers the same, or refuses every program."""

from __future__ import annotations

import subprocess
import sys
import tomllib
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
from callback_conformance.spec import specification as spec
from tests import null_implementations

ROOT = Path(__file__).parents[1]
LISTED = tomllib.loads(Path(__file__).with_name("null_verdicts.toml").read_text(encoding="utf-8"))
BOUND_BY_A_DIALECT = 40  # requirements at the least: that so many are violated shows that tests ran
SHARE = 0.05  # of the requirements may be verified by one that does nothing
NULL = [
    null_implementations.idle,
    null_implementations.constant,
    null_implementations.refusing,
    null_implementations.idle_taipy,
    null_implementations.constant_taipy,
]


@pytest.mark.parametrize("implementation", NULL, ids=lambda adapter: adapter.name)
def test_an_implementation_that_runs_no_job_verifies_only_what_is_listed(
    implementation: Adapter, tmp_path: Path
) -> None:
    name, dialects = implementation.name, implementation.dialects
    command = [sys.executable, "-m", "pytest", "conformance", "-p", "tests.null_limits", "-n", "2",
               "-p", "no:cacheprovider", "-q", "--tb=no", f"--report={tmp_path}",
               f"--impl=tests.null_implementations:{name}",
               *(f"--dialect={dialect}" for dialect in dialects)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    cells = read_run_report(tmp_path / "report.json").cells
    ids = {
        (verdict, cell.cell.dialect): [id for id, v in cell.verdicts.items() if v == verdict]
        for cell in cells
        for verdict in Verdict
    }
    verified = {dialect: sorted(ids[Verdict.VERIFIED, dialect]) for dialect in dialects}
    undecided = {dialect: sorted(ids[Verdict.NOT_DECIDED, dialect]) for dialect in dialects}
    assert set().union(*verified.values()) == set(LISTED[name]), (
        f"verified by an implementation that runs no job, against null_verdicts.toml: {verified}"
    )
    assert set().union(*undecided.values()) == set(), f"{undecided}\n{done.stdout}"
    for dialect in dialects:
        assert len(ids[Verdict.VIOLATED, dialect]) > BOUND_BY_A_DIALECT


def test_the_list_is_short_and_gives_a_reason_for_each_requirement() -> None:
    assert set(LISTED) == {adapter.name for adapter in NULL}
    requirements = spec.load().requirements
    for name, reasons in LISTED.items():
        assert set(reasons) <= set(requirements), name
        assert all(isinstance(reason, str) and reason.strip() for reason in reasons.values()), name
        assert len(reasons) <= SHARE * len(requirements), name


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
