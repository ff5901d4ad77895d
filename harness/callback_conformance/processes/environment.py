"""The virtual environments that implementations run in: the suite's own, or one created for a version."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


class EnvironmentNotMade(RuntimeError):
    """An environment lacks a distribution or could not be created; the message says what would provide it."""


@dataclass(frozen=True)
class Environment:
    """An interpreter with an implementation installed, and the versions of its distributions that matter."""

    python: str
    versions: dict[str, str]


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
    several runs that need the same environment at once, the first creates it and the others wait. Raises
    EnvironmentNotMade with uv's message.
    """
    contents = "\n".join([python, *requirements, *_constraints()])
    key = hashlib.sha256(contents.encode()).hexdigest()[:16]
    folder = _cache() / key
    interpreter = folder / "bin" / "python"
    with _locked(key):
        if not (folder / "complete").exists():
            _create(folder, interpreter, python, requirements)
    return Environment(str(interpreter), _versions(interpreter, distributions))


def unpacked_wheel(requirement: str, python: str) -> Path:
    """Return the folder with the files of a distribution's wheel for ``python``, fetched on first use and kept.

    That Python need not be installed. Raises EnvironmentNotMade."""
    key = hashlib.sha256(f"unpacked\n{python}\n{requirement}".encode()).hexdigest()[:16]
    folder = _cache() / key
    with _locked(key):
        if not (folder / "complete").exists():
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
    (folder / "complete").write_text("\n".join(requirements))


@contextlib.contextmanager
def _locked(key: str) -> Iterator[None]:
    """Keep other runs from creating this environment meanwhile. The system frees the lock of a process that dies."""
    file = _cache().with_name("locks") / key
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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


def _versions(interpreter: Path, distributions: Sequence[str]) -> dict[str, str]:
    program = (
        "import importlib.metadata as m, json, sys;"
        "print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    )
    query = subprocess.run(
        [str(interpreter), "-c", program, *distributions],
        capture_output=True,
        text=True,
        check=True,
    )
    versions: dict[str, str] = json.loads(query.stdout)
    return versions
