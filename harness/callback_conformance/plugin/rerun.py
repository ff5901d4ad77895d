"""How a failing test is run again, and where its program is kept."""

from __future__ import annotations

import hashlib
import re
import shlex
from pathlib import Path

import pytest

from callback_conformance.results.cell import CellSpec


def command(item: pytest.Item, cell: CellSpec) -> str:
    """The command that runs this test again, and no other."""
    full_load = ["--full-load"] if item.config.getoption("--full-load") else []
    return " ".join(["pytest", _named(item), *cell.options, *full_load])


def _named(item: pytest.Item) -> str:
    """A test as a command line names it: by its file, or by its module where the suite was named so."""
    if not item.config.option.pyargs:
        return shlex.quote(item.nodeid)
    module: str = item.module.__name__  # type: ignore[attr-defined]
    test = item.nodeid.partition("::")[2]
    return f"--pyargs {shlex.quote(f'{module}::{test}')}"


def program_folder(item: pytest.Item) -> Path | None:
    """Where a failing test's program is kept: a folder for each test, in pytest's cache, if it has one."""
    readable = re.sub(r"[^\w.-]+", "-", item.name).strip("-")
    name = f"{readable}-{hashlib.sha256(item.nodeid.encode()).hexdigest()[:6]}"
    cache: pytest.Cache | None = getattr(item.config, "cache", None)
    try:
        return Path(cache.mkdir("conformance")) / name if cache else None
    except OSError:  # the folder of the run cannot be written to
        return None
