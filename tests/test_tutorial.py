"""docs/your-own-backend.md, followed to the letter in an empty folder."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.machines import environment, wheel
from tests.tiny import ROOT

PAGE = ROOT / "docs" / "your-own-backend.md"
BLOCK = re.compile(r"^```(\w+)(?: (title|in)=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ACTIVATED = "test ! -e .venv || . .venv/bin/activate"


@dataclass(frozen=True)
class Step:
    """A file to write, a function to write anew in one (``into``), or commands with lines that they print."""

    kind: str
    file: str
    into: bool
    text: str


def steps() -> Iterator[Step]:
    """What the page tells its reader to do."""
    for language, how, file, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        yield Step(language, file, how == "in", text)


def test_who_follows_the_tutorial_gets_the_verdicts_that_it_says(tmp_path: Path) -> None:
    checkout = wheel(tmp_path / "dist")
    place = tmp_path / "empty"
    place.mkdir()
    for step in steps():
        file = place / step.file
        if step.kind == "console":
            _type(step.text, place, checkout)
        elif step.into:
            file.write_text(_with(file.read_text(encoding="utf-8"), step.text), encoding="utf-8")
        else:
            file.write_text(step.text, encoding="utf-8")


def test_the_page_has_steps_of_each_kind() -> None:
    kinds = [(step.kind, step.into) for step in steps()]
    assert kinds.count(("console", False)) == 5
    assert {("python", False), ("python", True), ("toml", False)} < set(kinds)


def _type(text: str, place: Path, checkout: Path) -> None:
    """Type each command, and find the lines that the page shows of it, in this order."""
    for block in filter(None, re.split(r"^\$ ", text, flags=re.MULTILINE)):
        command, *expected = block.splitlines()
        done = subprocess.run(
            ["bash", "-c", f"{ACTIVATED}; {command} 2>&1"],
            cwd=place,
            env=environment(place / ".venv", CHECKOUT=str(checkout)),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert expected or done.returncode == 0, f"{command}\n{done.stdout}"
        after = 0
        for line in expected:
            assert line in done.stdout[after:], f"{command}: no {line!r} in\n{done.stdout}"
            after = done.stdout.index(line, after) + len(line)


def _with(program: str, function: str) -> str:
    """The program with a method written anew."""
    name = re.findall(r"def (\w+)\(", function)[0]
    [old] = [
        node
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    lines = program.splitlines(keepends=True)
    lines[old.lineno - 1 : old.end_lineno] = [function]
    return "".join(lines)
