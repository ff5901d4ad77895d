"""What a run without ``--impl`` tests: the table ``[tool.callback-conformance]`` of the current folder's pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from callback_conformance.session.cell import BadSelection

TABLE = "tool.callback-conformance"
AXES = ("impl", "backend", "dialect", "driver")
BACKENDS = "backends"  # what each of them needs, which is read where a backend is found


def read_settings(file: Path) -> Mapping[str, Sequence[str]]:
    """The names for each axis that the file chooses; none if there is no such table. Raises BadSelection."""
    if not file.is_file():
        return {}
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise BadSelection(f"{file} is not valid TOML: {error}") from error
    table = tool.get("callback-conformance", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise BadSelection(f"{file}: [{TABLE}] is {table!r}; expected a table")
    return {axis: _names(file, axis, value) for axis, value in table.items() if axis != BACKENDS}


def _names(file: Path, axis: str, value: object) -> Sequence[str]:
    names = [value] if isinstance(value, str) else value
    good = isinstance(names, list) and all(isinstance(name, str) and name for name in names)
    if axis not in AXES or not good or not names:
        raise BadSelection(
            f"{file}: [{TABLE}] has {axis} = {value!r}; expected {', '.join(AXES)}, each a name or a list of names"
        )
    return list(names) if isinstance(names, list) else []
