"""Third-party backends: a factory of managers, and a few lines about what has to run beside it."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import TypedDict, cast

from callback_conformance.backends.backend import Backend, Worker
from callback_conformance.backends.capability import EMBEDDED, IN_REDIS, Capability

#: The services that a backend may name, and the variable in which an app and its workers find each.
VARIABLES = {"redis": "REDIS_URL", "rabbitmq": "RABBITMQ_URL"}
TABLE = "tool.callback-conformance.backends"


class BadBackend(ValueError):
    """The declaration of a backend cannot be understood; the message says what was expected."""


class Declaration(TypedDict, total=False):
    """What a pyproject.toml may declare of a backend."""

    #: The command that starts a worker, and the text that it prints when it is ready.
    worker: str
    ready: str
    services: list[str]
    #: What pip installs for it in an environment that the suite makes.
    install: list[str]
    #: The capabilities that it does not have.
    absent: list[str]


_FORM = re.compile(r"[\w.]+:\w+")
_TYPES = {"worker": str, "ready": str, "services": list, "install": list, "absent": list}


def third_party(name: str, worker: str = "", services: tuple[str, ...] = ()) -> Backend:
    """The backend ``package.module:factory``, as the pyproject.toml of the current folder and the command
    line declare it. Raises BadBackend."""
    if not _FORM.fullmatch(name):
        raise BadBackend(f"{name!r} is not of the form package.module:factory")
    declaration = _declaration(name)
    command = worker or declaration.get("worker", "")
    needed = services or tuple(declaration.get("services", ()))
    if unknown := set(needed) - set(VARIABLES):
        raise BadBackend(
            f"{name} needs the unknown service {unknown.pop()!r}; choose from {', '.join(VARIABLES)}"
        )
    return Backend(
        name,
        {VARIABLES[service]: service for service in needed},
        _worker(name, command, declaration.get("ready", "")) if command else None,
        install=tuple(declaration.get("install", ())),
        capabilities=_without_absent(name, declaration, _capabilities(bool(command), needed)),
    )


def _capabilities(has_workers: bool, services: tuple[str, ...]) -> frozenset[Capability]:
    """What follows from how it is built."""
    capabilities = {*EMBEDDED, Capability.OBSERVABLE_POLLS}
    if has_workers:
        capabilities.add(Capability.WORKERS)
        capabilities.update({Capability.QUEUE} if services else ())
    if "redis" in services:
        capabilities.update(IN_REDIS)
    return frozenset(capabilities)


def _without_absent(
    name: str, declaration: Declaration, capabilities: frozenset[Capability]
) -> frozenset[Capability]:
    by_name = {
        capability.value: capability for capability in Capability if capability in capabilities
    }
    absent = declaration.get("absent", [])
    if unknown := [word for word in absent if word not in by_name]:
        raise BadBackend(
            f"{name} declares {unknown[0]!r} absent; of a backend with its worker and services, only these are "
            f"expected: {', '.join(by_name)}"
        )
    return capabilities - {by_name[word] for word in absent}


def _worker(name: str, command: str, ready: str) -> Worker:
    try:
        words = shlex.split(command)
        _filled(words, "manager", 1)
    except (ValueError, KeyError, IndexError) as error:
        raise BadBackend(
            f"the worker command of {name} cannot be parsed ({error}): {command!r}; "
            "it may contain {manager} and {concurrency}"
        ) from error
    return Worker(lambda manager, concurrency: _filled(words, manager, concurrency), ready)


def _filled(words: list[str], manager: str, concurrency: int) -> tuple[str, ...]:
    return tuple(word.format(manager=manager, concurrency=concurrency) for word in words)


def _declaration(name: str) -> Declaration:
    """What the current folder's pyproject.toml declares of this backend; empty, if it has no such table."""
    file = Path("pyproject.toml")
    if not file.exists():
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadBackend(f"{file} is not valid TOML: {error}") from error
    for part in (*TABLE.split("."), name):
        table = table.get(part, {})
        if not isinstance(table, dict):
            raise BadBackend(f"{file}: {part!r} of [{TABLE}] is {table!r}; expected a table")
    for key, value in table.items():
        if not isinstance(value, _TYPES.get(key, ())):
            raise BadBackend(
                f'{file}: [{TABLE}."{name}"] has {key} = {value!r}; expected '
                + ", ".join(
                    f"{key} ({'text' if type_ is str else 'a list of texts'})"
                    for key, type_ in _TYPES.items()
                )
            )
    return cast(Declaration, table)
