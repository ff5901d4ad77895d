"""Anyone's own backend: a factory of managers, and a few lines about what has to run beside it."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path
from typing import Any, TypedDict, cast

from callback_conformance.backends.backend import Backend, Worker

#: The services that a backend may name, and the variable in which an app and its workers find each.
VARIABLES = {"redis": "REDIS_URL", "rabbitmq": "RABBITMQ_URL"}
TABLE = "tool.callback-conformance.backends"


class BadBackend(ValueError):
    """What is said of a backend cannot be understood; the message says what was expected."""


class Said(TypedDict, total=False):
    """What a pyproject.toml may say of a backend."""

    worker: str
    ready: str
    services: list[str]
    install: list[str]
    absent: list[str]


def foreign(name: str, worker: str = "", services: tuple[str, ...] = ()) -> Backend:
    """The backend ``package.module:factory``, as the pyproject.toml of the current folder and the command
    line describe it. Raises BadBackend."""
    said = _said(name)
    command = worker or said.get("worker", "")
    needed = services or tuple(said.get("services", ()))
    if unknown := set(needed) - set(VARIABLES):
        raise BadBackend(
            f"{name} needs the unknown service {unknown.pop()!r}; there are {', '.join(VARIABLES)}"
        )
    return Backend(
        name,
        {VARIABLES[one]: one for one in needed},
        _worker(name, command, said.get("ready", "")) if command else None,
        install=tuple(said.get("install", ())),
        absent=tuple(said.get("absent", ())),
    )


def _worker(name: str, command: str, ready: str) -> Worker:
    try:
        words = shlex.split(command)
        _filled(words, "manager", 1)
    except (ValueError, KeyError, IndexError) as error:
        raise BadBackend(
            f"the worker command of {name} cannot be read ({error}): {command!r}; "
            "{manager} and {concurrency} may stand in it"
        ) from error
    return Worker(lambda manager, concurrency: _filled(words, manager, concurrency), ready)


def _filled(words: list[str], manager: str, concurrency: int) -> tuple[str, ...]:
    return tuple(word.format(manager=manager, concurrency=concurrency) for word in words)


def _said(name: str) -> Said:
    """What the current folder's pyproject.toml says of this backend; nothing, if there is none."""
    file = Path("pyproject.toml")
    if not file.exists():
        return {}
    try:
        found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadBackend(f"{file} is no TOML: {error}") from error
    for part in (*TABLE.split("."), name):
        found = found.get(part, {})
        if not isinstance(found, dict):
            raise BadBackend(f"{file}: {part!r} of [{TABLE}] is {found!r}; expected a table")
    said = found
    kinds = {"worker": str, "ready": str, "services": list, "install": list, "absent": list}
    for key, value in said.items():
        if not isinstance(value, kinds.get(key, ())):
            raise BadBackend(
                f'{file}: [{TABLE}."{name}"] says {key} = {value!r}; expected '
                + ", ".join(
                    f"{one} ({'text' if k is str else 'a list of texts'})"
                    for one, k in kinds.items()
                )
            )
    return cast(Said, said)
