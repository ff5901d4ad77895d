"""The virtual environments that implementations run in: the suite's own, or one created for a version."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from callback_conformance.processes.lock import locked


class EnvironmentNotMade(RuntimeError):
    """An environment lacks a distribution or could not be created; the message says what would provide it."""


@dataclass(frozen=True)
class Environment:
    """An interpreter with an implementation installed, and the versions of its distributions that matter."""

    python: str
    versions: dict[str, str]

    def run(self, program: str) -> subprocess.CompletedProcess[str]:
        """Run a short program in a process of its own."""
        command = [self.python, "-W", "ignore", "-c", program]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def suite_environment(distributions: Sequence[str], install: str) -> Environment:
    """Return the environment that the suite itself runs in, which must have ``distributions``.

    ``install`` is the command that installs them. Raises EnvironmentNotMade.
    """
    versions = {}
    for name in distributions:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            raise EnvironmentNotMade(
                f"{name} is not installed beside the suite ({sys.executable}). "
                f"Install it with: {install}; or name a version, for which an environment is created."
            ) from None
    return Environment(sys.executable, versions)


def environment_for(
    requirements: Sequence[str], python: str, distributions: Sequence[str]
) -> Environment:
    """Return an environment that holds exactly ``requirements``. It is created on first use and kept.

    ``python`` is a version such as "3.12". The constraints in uv's variable UV_CONSTRAINT count as requirements. Of
    several runs that need the same environment at once, the first creates it and the others wait. One that was
    damaged since is created again. Raises EnvironmentNotMade with uv's message.
    """
    contents = "\n".join([python, *requirements, *_constraints()])
    key = hashlib.sha256(contents.encode()).hexdigest()[:16]
    folder = _cache() / key
    interpreter = folder / "bin" / "python"
    versions = _versions(interpreter, distributions) if _is_complete(folder) else None
    if versions is None:
        with _locked(key):
            versions = _versions(interpreter, distributions) if _is_complete(folder) else None
            if versions is None:  # no other run has created it meanwhile
                _create(folder, interpreter, python, requirements)
                versions = _versions(interpreter, distributions)
    if versions is None:
        raise EnvironmentNotMade(
            f"The environment in {folder} lacks files of {', '.join(distributions)}, although it was just created. "
            "Delete that folder and uv's cache (`uv cache clean`)."
        )
    return Environment(str(interpreter), versions)


def unpacked_wheel(requirement: str, python: str) -> Path:
    """Return the folder with the files of a distribution's wheel for ``python``, fetched on first use and kept.

    That Python need not be installed. Raises EnvironmentNotMade."""
    key = hashlib.sha256(f"unpacked\n{python}\n{requirement}".encode()).hexdigest()[:16]
    folder = _cache() / key
    if _is_complete(folder):
        return folder
    with _locked(key):
        if not _is_complete(folder):  # no other run has fetched it meanwhile
            shutil.rmtree(folder, ignore_errors=True)  # a killed run may have left a part
            interpreter = ("--python", sys.executable, "--python-version", python)
            target = ("--target", str(folder), "--no-deps", "--only-binary", ":all:")
            _uv("pip", "install", *interpreter, *target, requirement)
            (folder / "complete").write_text(requirement)
    return folder


def _constraints() -> list[str]:
    files = os.environ.get("UV_CONSTRAINT", "").split()
    return [Path(file).read_text(encoding="utf-8") for file in files]


def _create(folder: Path, interpreter: Path, python: str, requirements: Sequence[str]) -> None:
    try:
        _uv("venv", "--clear", "--python", python, str(folder))  # a killed run may have left a part
        _uv("pip", "install", "--python", str(interpreter), *requirements)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # no later run must find a part of an environment
        raise
    names = _described(next(folder.glob("lib/python*/site-packages")))
    (folder / "complete").write_text("\n".join([*requirements, "", *sorted(names)]))


def _is_complete(folder: Path) -> bool:
    """True if a run has created it to the end."""
    return (folder / "complete").exists()


@contextlib.contextmanager
def _locked(key: str) -> Iterator[None]:
    """Keep other runs from creating this environment meanwhile. Raises EnvironmentNotMade for what cannot be written."""
    file = _cache().with_name("locks") / key
    try:
        _cache().mkdir(parents=True, exist_ok=True)
        with locked(file, f"creates the environment {_cache() / key}"):
            yield
    except OSError as error:
        raise EnvironmentNotMade(
            f"No environment can be created in {user_cache()}: {error}. "
            "Name a folder that can be written to in the variable XDG_CACHE_HOME."
        ) from error


def user_cache() -> Path:
    """Return the folder in which the suite keeps what it creates once for all runs of a user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "callback-conformance"


def _cache() -> Path:
    return user_cache() / "environments"


def _uv(*words: str) -> None:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    search = os.pathsep.join(str(path) for path in sorted(pyenv.glob("3.*/bin")))
    settings = {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PYTHON_SEARCH_PATH": search,
        "UV_COMPILE_BYTECODE": "1",  # once, here: an app that compiles its imports takes seconds to listen
    }
    command = [sys.executable, "-m", "uv", "--quiet", *words]
    uv = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if uv.returncode:
        raise EnvironmentNotMade(f"`uv {' '.join(words)}` failed:\n{uv.stderr.strip()}")


def _versions(interpreter: Path, distributions: Sequence[str]) -> dict[str, str] | None:
    """The versions of ``distributions``; None for an environment that was damaged."""
    folder = interpreter.parents[1]
    packages = next(folder.glob("lib/python*/site-packages"), folder)
    try:
        described = _described(packages)
        is_whole = os.access(interpreter, os.X_OK) and described >= _described_once(folder)
        if not is_whole or not all(_has_all_files(packages, name) for name in described):
            return None
        paths = [str(packages)]
        found = {
            name: next(iter(importlib.metadata.distributions(name=name, path=paths)))
            for name in distributions
        }
        return {name: distribution.version for name, distribution in found.items()}
    except (OSError, StopIteration, KeyError):
        return None


def _described(packages: Path) -> set[str]:
    """The folders that describe the distributions of an environment."""
    return {entry.name for entry in packages.glob("*.dist-info")}


def _described_once(folder: Path) -> set[str]:
    """The same, when the environment was created; empty where that was not noted."""
    _, _, names = (folder / "complete").read_text(encoding="utf-8").partition("\n\n")
    return set(names.split())


def _has_all_files(packages: Path, description: str) -> bool:
    """True unless a file of this distribution is gone."""
    with (packages / description / "RECORD").open(encoding="utf-8", newline="") as record:
        return all(
            os.path.exists(os.path.join(packages, row[0])) for row in csv.reader(record) if row
        )
