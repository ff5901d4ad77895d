"""Frozen dataclasses as JSON files: written whole, and read with every field checked against its type."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TypeAlias, TypeVar

T = TypeVar("T")

#: What JSON can hold. ``object`` stands for the nested values: type checkers cannot follow a recursive alias here.
JsonValue: TypeAlias = str | int | float | bool | list[object] | dict[str, object] | None

_NAMES = {str: "a string", int: "an integer", float: "a number", bool: "true or false"}


class BadFile(ValueError):
    """A file is missing, damaged, or of another version of the suite; the message says what is wrong where."""


def write_json(file: Path, value: object) -> None:
    """Write a dataclass, or plain data."""
    data = dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value  # type: ignore[arg-type]
    text = json.dumps(data, indent=1, ensure_ascii=False, default=str)
    file.write_text(text + "\n", encoding="utf-8")


def read_json(file: Path, form: type[T]) -> T:
    """Read a file as the dataclass ``form``. Raises BadFile."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadFile(f"{file} is not valid JSON ({error})") from None
    try:
        return typing.cast(T, as_form(data, form, ""))
    except BadFile as error:
        raise BadFile(
            f"{file} does not have the form of this version of callback-conformance: {error}"
        ) from None


def as_form(data: object, form: object, where: str) -> object:
    """``data`` as a value of the type ``form``; ``where`` names it in an error. Raises BadFile."""
    if dataclasses.is_dataclass(form) and isinstance(form, type):
        return _as_dataclass(data, form, where)
    origin, parameters = typing.get_origin(form), typing.get_args(form)
    if origin in (typing.Union, types.UnionType):
        return _as_union(data, parameters, where)
    if origin is tuple and isinstance(data, (list, tuple)):
        values = enumerate(data)
        return tuple(as_form(value, parameters[0], f"{where}[{n}]") for n, value in values)
    if origin is Mapping and isinstance(data, dict):
        return {
            key: as_form(value, parameters[1], f"{where}[{key}]") for key, value in data.items()
        }
    if isinstance(form, type) and issubclass(form, Enum):
        return _as_member(data, form, where)
    if form is float and type(data) is int:
        return data
    if isinstance(form, type) and type(data) is form:
        return data
    raise BadFile(f"{where or 'it'} is {_short(data)}; expected {_words(form, origin)}")


def _as_dataclass(data: object, form: type, where: str) -> object:
    if not isinstance(data, dict):
        raise BadFile(f"{where or 'it'} is {_short(data)}; expected an object")
    fields = {field.name: field for field in dataclasses.fields(form)}
    required = [
        name
        for name, field in fields.items()
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    prefix = f"{where}." if where else ""
    if missing := [name for name in required if name not in data]:
        raise BadFile(f"{prefix}{missing[0]} is missing")
    if unknown := [name for name in data if name not in fields]:
        raise BadFile(f"{prefix}{unknown[0]} is unknown")
    hints = _hints(form)
    return form(**{n: as_form(value, hints[n], f"{prefix}{n}") for n, value in data.items()})


@functools.cache
def _hints(form: type) -> dict[str, object]:
    """The types of a dataclass's fields. Each annotation is a text, which takes a compiler to read."""
    return typing.get_type_hints(form)


def _as_union(data: object, forms: tuple[object, ...], where: str) -> object:
    if data is None and types.NoneType in forms:
        return None
    simple = [form for form in forms if form is not types.NoneType]
    if len(simple) == 1:
        return as_form(data, simple[0], where)
    if isinstance(data, (str, int, float, list, dict)):  # JsonValue: whatever JSON holds
        return data
    raise BadFile(f"{where} is {_short(data)}; expected a value of JSON")


def _as_member(data: object, form: type[Enum], where: str) -> Enum:
    try:
        return form(data)
    except ValueError:
        choices = ", ".join(str(member.value) for member in form)
        raise BadFile(f"{where} is {_short(data)}; choose from {choices}") from None


def _words(form: object, origin: object) -> str:
    if origin is tuple:
        return "a list"
    return "an object" if origin is Mapping else _NAMES.get(typing.cast(type, form), str(form))


def _short(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
