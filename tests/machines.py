"""A user's machine: a fresh environment in which the suite is installed as a wheel."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tiny import ROOT

#: Variables of this checkout and this run, which a user's environment does not have.
OURS = ("PYTEST_", "PYTHONPATH", "VIRTUAL_ENV", "COV_")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The variables of a user whose environment is ``folder``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    inherited["PIP_NO_COMPILE"] = "1"  # what is imported is compiled then
    return {**inherited, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", **more}


def wheel(folder: Path, project: Path = ROOT) -> Path:
    """The wheel of a project, built into ``folder`` as from a fresh checkout.

    What setuptools has left in a folder goes into the next wheel, too, and hides that a file is not configured.
    """
    with tempfile.TemporaryDirectory() as checkout:
        left_out = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "build", "out")
        shutil.copytree(project, checkout, ignore=left_out, dirs_exist_ok=True)
        _uv("build", "--wheel", "--out-dir", str(folder), checkout)
    return max(folder.glob("*.whl"), key=lambda file: file.stat().st_mtime_ns)


@dataclass(frozen=True)
class Machine:
    """A fresh environment."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, *installed: str | Path) -> Machine:
        """A machine that has these installed, with their dependencies."""
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        _uv("venv", "--python", python, str(folder))
        machine = cls(folder)
        machine.install(*installed)
        return machine

    def install(self, *what: str | Path) -> None:
        """Install more."""
        _uv("pip", "install", "--python", str(self.folder / "bin" / "python"), *map(str, what))

    def uninstall(self, name: str) -> None:
        """Remove a distribution, but not its dependencies."""
        _uv("pip", "uninstall", "--python", str(self.folder / "bin" / "python"), name)

    def run(self, *words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Type ``words`` in ``folder``."""
        return subprocess.run(
            words,
            cwd=folder,
            env=environment(self.folder, **more),
            capture_output=True,
            text=True,
            check=False,
        )


def shared_machine(factory: pytest.TempPathFactory) -> Machine:
    """A machine that has the suite, both implementations and the packages of third parties. It is created once for
    all workers of a run."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared-machine"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            suite = f"{wheel(folder)}[ours]"
            projects = ("tests/third_party", "examples/dash_rq", "examples/dash_huey")
            packages = [wheel(folder, ROOT / project) for project in projects]
            Machine.create(folder / "environment", suite, *packages)
            (folder / "complete").touch()
    return Machine(folder / "environment")


def _uv(*words: str) -> None:
    """Nothing is compiled but what is imported: of the packages that Dash brings along, that is a small part."""
    command = [sys.executable, "-m", "uv", "--quiet", *words]
    variables = {**os.environ, "UV_COMPILE_BYTECODE": "0"}
    uv = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert uv.returncode == 0, f"uv {' '.join(words)} failed:\n{uv.stderr}"
