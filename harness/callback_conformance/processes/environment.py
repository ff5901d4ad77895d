"""The virtual environments that implementations run in: the suite's own, or one made for a version."""

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
    """An environment is missing or could not be made; the message says what would provide it."""


@dataclass(frozen=True)
class Environment:
    """An interpreter with an implementation installed, and the versions of what matters in it."""

    python: str
    versions: dict[str, str]


def beside(distributions: Sequence[str], install: str) -> Environment:
    """The environment that the suite itself runs in; it must have ``distributions``.

    ``install`` is the command that provides them. Raises EnvironmentNotMade.
    """
    versions = {}
    for name in distributions:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            raise EnvironmentNotMade(
                f"{name} is not installed beside the suite ({sys.executable}). "
                f"Install it with: {install}; or name a version to have an environment made for it."
            ) from None
    return Environment(sys.executable, versions)


def made_for(requirements: Sequence[str], python: str, distributions: Sequence[str]) -> Environment:
    """An environment that holds exactly ``requirements``, made on first use and kept.

    ``python`` is a version such as "3.12". What uv's own variable UV_CONSTRAINT pins makes another one. Of several runs that need the same one at once, the first
    makes it and the others wait. Raises EnvironmentNotMade when pip's resolver or the interpreter fails,
    with what it said.
    """
    asked = "\n".join([python, *requirements, *_constraints()])
    key = hashlib.sha256(asked.encode()).hexdigest()[:16]
    folder = _cache() / key
    interpreter = folder / "bin" / "python"
    with _alone(key):
        if not (folder / "complete").exists():
            _make(folder, interpreter, python, requirements)
    return Environment(str(interpreter), _versions(interpreter, distributions))


def unpacked(requirement: str, python: str) -> Path:
    """The folder that holds the files of a distribution's wheel for ``python``, fetched on first use and
    kept. No such Python need be here: the files are wanted. Raises EnvironmentNotMade."""
    key = hashlib.sha256(f"unpacked\n{python}\n{requirement}".encode()).hexdigest()[:16]
    folder = _cache() / key
    with _alone(key):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)  # what a killed run left
            which = ("--python", sys.executable, "--python-version", python, "--no-deps")
            words = ("--target", str(folder), "--only-binary", ":all:", requirement)
            _uv("pip", "install", *which, *words)
            (folder / "complete").write_text(requirement)
    return folder


def _constraints() -> list[str]:
    files = os.environ.get("UV_CONSTRAINT", "").split()
    return [Path(file).read_text(encoding="utf-8") for file in files]


def _make(folder: Path, interpreter: Path, python: str, requirements: Sequence[str]) -> None:
    try:
        _uv("venv", "--clear", "--python", python, str(folder))  # what a killed run left is cleared
        _uv("pip", "install", "--python", str(interpreter), *requirements)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # nothing half-made is found again
        raise
    (folder / "complete").write_text("\n".join(requirements))


@contextlib.contextmanager
def _alone(key: str) -> Iterator[None]:
    """Nobody else makes this environment meanwhile. The system frees the lock of a process that dies."""
    place = _cache().with_name("locks") / key
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept_for_user() -> Path:
    """The folder in which the suite keeps what it makes once for all runs of its user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "callback-conformance"


def _cache() -> Path:
    return kept_for_user() / "environments"


def _uv(*words: str) -> None:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    search = os.pathsep.join(str(path) for path in sorted(pyenv.glob("3.*/bin")))
    settings = {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PYTHON_SEARCH_PATH": search,
        "UV_COMPILE_BYTECODE": "1",  # here and once: an app that compiles what it imports takes seconds to listen
    }
    command = [sys.executable, "-m", "uv", "--quiet", *words]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EnvironmentNotMade(f"`uv {' '.join(words)}` failed:\n{done.stderr.strip()}")


def _versions(interpreter: Path, distributions: Sequence[str]) -> dict[str, str]:
    program = (
        "import importlib.metadata as m, json, sys;"
        "print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    )
    done = subprocess.run(
        [str(interpreter), "-c", program, *distributions],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found
