"""A suite of a few lines with a specification of its own, run in a pytest inside the test."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

import callback_conformance.plugin.hooks  # noqa: F401 (a run inside a test forgets what it was first to import)
from callback_conformance import ledger
from callback_conformance.entry_point import PLUGIN
from callback_conformance.results import known_failures
from callback_conformance.spec import specification
from callback_conformance.spec.specification import as_json, parse

ROOT = Path(__file__).parents[1]

SPEC = """\
## 1. One

#### ONE-1

> The first **MUST** hold.

background · dash-long-callbacks "A heading"

#### ONE-2

> The second **SHOULD** hold.

background · dash-long-callbacks "Another heading"

#### ONE-3

> The third **MUST** hold.

taipy · taipy-guide "A third heading"

## 2. Two

#### TWO-1

> The fourth **MUST NOT** happen.

background, labs · derived: it would lose something
"""

HEAD = """\
import pytest
from callback_conformance.plugin import covers, observes, only, wire_only
from callback_conformance.scenario import Button, Text, background, give, wait_at

def opened(open_page):
    job = background(output="out.children", inputs="run.n_clicks", job=wait_at("gate") >> give("done"))
    return open_page(Button("run"), Text("out"), job)

"""

#: A test of each requirement of the dialect ``background``; each holds.
HOLDS = """\
@covers("ONE-1")
def test_first(open_page):
    page = opened(open_page)
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")

@covers("ONE-2")
def test_second(open_page):
    opened(open_page)

@covers("TWO-1")
def test_fourth(open_page):
    opened(open_page)
"""

#: The same, with these bodies.
THREE = """\
@covers("ONE-1")
def test_first(open_page):
    {first}

@covers("ONE-2")
def test_second(open_page):
    {second}

@covers("TWO-1")
def test_fourth(open_page):
    {fourth}
"""


#: Bodies of tests.
VIOLATED = "assert False, 'it does not hold'"
ERROR = "1 / 0"
SKIPPED = "pytest.skip('no service')"

#: An entry of known failures.
KNOWN = {
    "requirement": "ONE-1",
    "tests": ["test_first"],
    "seen": "it does not hold",
    "versions": ">=0",
    "deviation": "scripted-is-wrong",
}


def three(first: str = "pass", second: str = "pass", fourth: str = "pass") -> str:
    """A test of each requirement, with these bodies."""
    return THREE.format(first=first, second=second, fourth=fourth)


class Tiny:
    """The suite. ``run`` it in this process, or with ``apart`` in one of its own."""

    def __init__(self, pytester: pytest.Pytester, patch: pytest.MonkeyPatch) -> None:
        self.folder = pytester.path
        self._pytester = pytester
        for name in ("expected", "deviations"):
            (self.folder / name).mkdir()
        (self.folder / "spec.json").write_text(as_json(parse(SPEC)), encoding="utf-8")
        places = {
            (specification, "JSON"): self.folder / "spec.json",
            (known_failures, "FOLDER"): self.folder / "expected",
            (ledger, "LEDGER"): self.folder / "deviations",
        }
        lines = ["import importlib, pathlib"]
        for (module, name), path in places.items():
            patch.setattr(module, name, path)
            loaded = f"importlib.import_module({module.__name__!r})"
            lines.append(f"{loaded}.{name} = pathlib.Path({str(path)!r})")
        (self.folder / "tiny_places.py").write_text("\n".join(lines))
        patch.delenv("CI", raising=False)  # with it, pytest's summary repeats each message whole
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(self.folder)]))

    def write(self, source: str, name: str = "test_tiny.py") -> None:
        """The suite's tests."""
        (self.folder / name).write_text(HEAD + source, encoding="utf-8")

    def knows(
        self,
        failure: dict[str, Any],
        deviation: str = "scripted-is-wrong",
        cause: str = "framework",
    ) -> None:
        """Add a known failure, and the ledger's entry of a deviation."""
        entry = "\n".join(f"{name} = {json.dumps(value)}" for name, value in failure.items())
        with (self.folder / "expected" / "scripted.toml").open("a") as file:
            file.write(f"[[failure]]\n{entry}\n")
        text = (
            f'+++\nid = "{deviation}"\ntitle = "it does it wrong"\nrelease = "scripted"\n'
            f'versions = ">=0"\nimpact = "lost"\ncause = "{cause}"\n+++\nWhat is seen.\n'
        )
        fault = self.folder / "deviations" / "scripted" / "a-fault"
        fault.mkdir(parents=True, exist_ok=True)
        (fault / "fault.toml").write_text('title = "A fault"\ncause = "It is wrong."\n')
        (fault / f"{deviation}.md").write_text(text)
        (fault / f"{deviation}.py").write_text("raise SystemExit(1)\n")

    def run(self, *options: str, impl: str = "adapter") -> pytest.RunResult:
        """Run the suite in this process against an implementation of ``tests.scripted``."""
        return self._pytester.runpytest_inprocess(*self._words(options, impl))

    def apart(self, *options: str, impl: str = "adapter") -> pytest.RunResult:
        """Run the suite in a process of its own."""
        words = ("-p", "tiny_places", *self._words(options, impl))
        return self._pytester.runpytest_subprocess(*words)

    def again(self, command: str) -> pytest.RunResult:
        """Run the command that a failure names."""
        words = shlex.split(command)
        assert words[0] == "pytest"
        return self._pytester.runpytest_inprocess("-p", "no:dash", "-p", PLUGIN, *words[1:])

    def _words(self, options: tuple[str, ...], impl: str) -> tuple[str, ...]:
        named = (f"--impl=tests.scripted:{impl}",) if impl else ()
        return (
            "-ra",
            "-v",
            "-p",
            "no:dash",
            "-p",
            "no:random_order",
            "-p",
            PLUGIN,
            *named,
            *options,
        )


def text(result: pytest.RunResult) -> str:
    """All that a run has printed."""
    return "\n".join([*result.outlines, *result.errlines])


def verdicts(result: pytest.RunResult) -> dict[str, list[str]]:
    """The rows of the summary: a chapter's number (or ``all``), and its counts."""
    rows = {}
    for line in result.outlines:
        name, *words = line.split() or [""]
        counts = [word for word in words if word == "." or word.isdigit()]
        if (name.isdigit() or name == "all") and len(counts) >= 4:
            rows[name] = counts
    return rows
