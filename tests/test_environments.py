"""Environments: the suite's own, and those made for a version."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from callback_conformance.processes import EnvironmentNotMade, beside, made_for

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where environments are kept in the test; uv has no network there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path / "callback-conformance" / "environments"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A distribution without contents, version 1.2."""
    made = tmp_path / "nothing-1.2-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        info = "nothing-1.2.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: nothing\nVersion: 1.2\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return made


def test_the_environment_beside_the_suite_is_its_own() -> None:
    found = beside(("pytest", "hypothesis"), "pip install nothing")
    assert found.python == sys.executable
    assert found.versions == {"pytest": version("pytest"), "hypothesis": version("hypothesis")}


def test_what_is_not_installed_is_told_with_the_command_that_provides_it() -> None:
    with pytest.raises(EnvironmentNotMade) as raised:
        beside(("pytest", "no-such-distribution"), "pip install something")
    assert str(raised.value) == (
        f"no-such-distribution is not installed beside the suite ({sys.executable}). Install it with: "
        "pip install something; or name a version to have an environment made for it."
    )


def test_an_environment_holds_what_it_was_made_for_and_is_kept(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_for([str(wheel)], HERE, ["nothing"])
    assert made.versions == {"nothing": "1.2"}
    assert made.python != sys.executable
    assert Path(made.python).is_relative_to(cache)
    listed = subprocess.run(
        [made.python, "-c", "import importlib.metadata as m; print(len(list(m.distributions())))"],
        cwd=wheel.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout == "1\n"
    wheel.unlink()
    monkeypatch.setenv("UV_PYTHON", "none")
    assert made_for([str(wheel)], HERE, ["nothing"]) == made


def test_another_python_or_requirement_is_another_environment(cache: Path, wheel: Path) -> None:
    first = made_for([str(wheel)], HERE, ["nothing"])
    second = made_for([str(wheel), "nothing==1.2"], HERE, ["nothing"])
    assert first.python != second.python


@pytest.mark.parametrize(
    ("requirement", "python", "said"),
    [
        ("no-such-distribution==0.0.7", HERE, "`uv pip install"),
        ("nothing", "3.99", "`uv venv"),
    ],
    ids=["a release", "a Python"],
)
def test_what_cannot_be_made_is_told_and_nothing_half_made_is_kept(
    cache: Path, requirement: str, python: str, said: str
) -> None:
    with pytest.raises(EnvironmentNotMade) as raised:
        made_for([requirement], python, ["nothing"])
    message = str(raised.value)
    assert message.startswith(said)
    assert " failed:\n" in message
    assert (requirement if python == HERE else python) in message.partition("failed:\n")[2]
    assert not cache.exists() or list(cache.iterdir()) == []


def test_after_a_failure_the_same_environment_can_be_made(
    cache: Path, wheel: Path, tmp_path: Path
) -> None:
    away = wheel.rename(tmp_path / "away.whl")
    with pytest.raises(EnvironmentNotMade):
        made_for([str(wheel)], HERE, ["nothing"])
    away.rename(wheel)
    assert made_for([str(wheel)], HERE, ["nothing"]).versions == {"nothing": "1.2"}


MAKE = """
import sys
from callback_conformance.processes import environment
made = environment._make
def counted(*given):
    print("makes", flush=True)
    made(*given)
environment._make = counted
print(environment.made_for([sys.argv[1]], sys.argv[2], ["nothing"]).python)
"""


def test_of_two_runs_that_need_an_environment_at_once_one_makes_it(
    cache: Path, wheel: Path
) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(wheel), HERE], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    printed = [run.communicate()[0].splitlines() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sum(lines.count("makes") for lines in printed) == 1
    assert len({lines[-1] for lines in printed}) == 1


def test_what_a_killed_run_left_is_not_taken_for_an_environment(cache: Path, wheel: Path) -> None:
    made = made_for([str(wheel)], HERE, ["nothing"])
    folder = Path(made.python).parents[1]
    (folder / "complete").unlink()
    for left in folder.glob("lib/*/site-packages/nothing-*"):
        shutil.rmtree(left)
    assert made_for([str(wheel)], HERE, ["nothing"]) == made
