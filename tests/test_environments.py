"""Environments: the suite's own, and those created for a version."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from callback_conformance.processes import EnvironmentNotMade, environment_for, suite_environment
from callback_conformance.processes.lock import locked

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
    file = tmp_path / "nothing-1.2-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        info = "nothing-1.2.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: nothing\nVersion: 1.2\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return file


def test_the_environment_beside_the_suite_is_its_own() -> None:
    environment = suite_environment(("pytest", "hypothesis"), "pip install nothing")
    assert environment.python == sys.executable
    assert environment.versions == {
        "pytest": version("pytest"),
        "hypothesis": version("hypothesis"),
    }


def test_a_missing_distribution_is_reported_with_the_command_that_installs_it() -> None:
    with pytest.raises(EnvironmentNotMade) as raised:
        suite_environment(("pytest", "no-such-distribution"), "pip install something")
    assert str(raised.value) == (
        f"no-such-distribution is not installed beside the suite ({sys.executable}). Install it with: "
        "pip install something; or name a version, for which an environment is created."
    )


def test_an_environment_holds_its_requirements_alone_and_is_kept(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environment_for([str(wheel)], HERE, ["nothing"])
    assert environment.versions == {"nothing": "1.2"}
    assert environment.python != sys.executable
    assert Path(environment.python).is_relative_to(cache)
    listed = subprocess.run(
        [
            environment.python,
            "-c",
            "import importlib.metadata as m; print(len(list(m.distributions())))",
        ],
        cwd=wheel.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout == "1\n"
    wheel.unlink()
    monkeypatch.setenv("UV_PYTHON", "none")
    assert environment_for([str(wheel)], HERE, ["nothing"]) == environment


def test_another_python_or_requirement_is_another_environment(cache: Path, wheel: Path) -> None:
    first = environment_for([str(wheel)], HERE, ["nothing"])
    second = environment_for([str(wheel), "nothing==1.2"], HERE, ["nothing"])
    assert first.python != second.python


@pytest.mark.parametrize(
    ("requirement", "python", "command"),
    [
        ("no-such-distribution==0.0.7", HERE, "`uv pip install"),
        ("nothing", "3.99", "`uv venv"),
    ],
    ids=["a release", "a Python"],
)
def test_an_environment_that_cannot_be_created_is_reported_and_no_part_of_it_is_kept(
    cache: Path, requirement: str, python: str, command: str
) -> None:
    with pytest.raises(EnvironmentNotMade) as raised:
        environment_for([requirement], python, ["nothing"])
    message = str(raised.value)
    assert message.startswith(command)
    assert " failed:\n" in message
    assert (requirement if python == HERE else python) in message.partition("failed:\n")[2]
    assert not cache.exists() or list(cache.iterdir()) == []


def test_after_a_failure_the_same_environment_can_be_created(
    cache: Path, wheel: Path, tmp_path: Path
) -> None:
    away = wheel.rename(tmp_path / "away.whl")
    with pytest.raises(EnvironmentNotMade):
        environment_for([str(wheel)], HERE, ["nothing"])
    away.rename(wheel)
    assert environment_for([str(wheel)], HERE, ["nothing"]).versions == {"nothing": "1.2"}


CREATE = """
import sys
from callback_conformance.processes import environment
create = environment._create
def reported(*arguments):
    print("creates", flush=True)
    create(*arguments)
environment._create = reported
print(environment.environment_for([sys.argv[1]], sys.argv[2], ["nothing"]).python)
"""


def test_of_several_runs_that_need_an_environment_at_once_one_creates_it(
    cache: Path, wheel: Path
) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", CREATE, str(wheel), HERE], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    printed = [run.communicate()[0].splitlines() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sum(lines.count("creates") for lines in printed) == 1
    assert len({lines[-1] for lines in printed}) == 1


def test_a_part_that_a_killed_run_left_is_not_taken_for_an_environment(
    cache: Path, wheel: Path
) -> None:
    environment = environment_for([str(wheel)], HERE, ["nothing"])
    folder = Path(environment.python).parents[1]
    (folder / "complete").unlink()
    for left in folder.glob("lib/*/site-packages/nothing-*"):
        shutil.rmtree(left)
    assert environment_for([str(wheel)], HERE, ["nothing"]) == environment


def _without_interpreter(folder: Path) -> None:
    (folder / "bin" / "python").unlink()


def _without_package(folder: Path) -> None:
    for part in folder.glob("lib/*/site-packages/nothing-*"):
        shutil.rmtree(part)


def _without_file(folder: Path) -> None:
    next(folder.glob("lib/*/site-packages/nothing-*/METADATA")).unlink()


def _without_record(folder: Path) -> None:
    next(folder.glob("lib/*/site-packages/nothing-*/RECORD")).unlink()


@pytest.mark.parametrize(
    "damage", [_without_interpreter, _without_package, _without_file, _without_record]
)
def test_a_damaged_environment_is_created_again(
    cache: Path, wheel: Path, damage: Callable[[Path], None]
) -> None:
    environment = environment_for([str(wheel)], HERE, ["nothing"])
    folder = Path(environment.python).parents[1]
    damage(folder)
    assert environment_for([str(wheel)], HERE, ["nothing"]) == environment
    assert Path(environment.python).exists()
    assert next(folder.glob("lib/*/site-packages/nothing-*/METADATA")).exists()


@pytest.mark.usefixtures("cache")
def test_a_cache_that_cannot_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentNotMade) as raised:
        environment_for(["nothing"], HERE, ["nothing"])
    [line] = str(raised.value).splitlines()
    assert line.startswith(f"No environment can be created in {tmp_path}/file/callback-conformance")
    assert line.endswith("in the variable XDG_CACHE_HOME.")


# The lock.

HOLDS = """\
import os, pathlib, subprocess, sys
from callback_conformance.processes.lock import locked
with locked(pathlib.Path(sys.argv[1]), "tests"):
    print("holds", flush=True)
    sys.stdin.read()
"""
DIES = """\
import os, pathlib, subprocess, sys
from callback_conformance.processes import lock
with lock.locked(pathlib.Path(sys.argv[1]), "tests"):
    if os.fork() == 0:
        print("holds", flush=True)
        sys.stdin.read()
        os._exit(0)
    os._exit(1)
"""


def holder(program: str, file: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its input ends."""
    words = [sys.executable, "-c", program, str(file)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "holds\n"
    return process


def test_a_wait_for_a_lock_says_what_it_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "locks" / "one"
    other = holder(HOLDS, file)
    monkeypatch.setattr("time.sleep", lambda _: other.communicate())  # the other run ends meanwhile
    with locked(file, "creates an environment"):
        printed = capsys.readouterr().err
    expected = f"waiting since 0 s for process {other.pid}, which creates an environment (its lock is {file})\n"
    assert printed == expected


def test_a_lock_of_a_dead_run_is_taken(tmp_path: Path) -> None:
    child = holder(DIES, tmp_path / "one")
    child.wait()
    with locked(tmp_path / "one", "creates an environment"):
        assert child.stdin
        child.stdin.close()
    assert child.stdout
    child.stdout.close()
