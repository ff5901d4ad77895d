"""Programs rendered for tests, and what Python's formatter and linter find in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from callback_conformance.adapters.dash.program import DashNames, dash_program
from callback_conformance.adapters.taipy.program import TaipyNames, taipy_program
from callback_conformance.processes.warm import INAPP
from callback_conformance.scenario import (
    Button,
    Text,
    background,
    give,
    scenario,
    wait_at,
)

RUN, OUT = Button("run"), Text("out")
WAITING = wait_at("gate") >> give("done")


def job_for(**more: Any) -> Any:
    """A callback of ``run`` that writes to ``out``, changed by ``more``."""
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    )


def dash(*parts: Any, **more: Any) -> str:
    """The program of a scenario for Dash."""
    return dash_program(scenario(*parts, **more), DashNames())


def taipy(*parts: Any, **more: Any) -> str:
    """The program of a scenario for Taipy."""
    return taipy_program(scenario(*parts, **more), TaipyNames())


def ruff(folder: Path, *words: str) -> str:
    """What ruff has to say of the programs in a folder, with the settings of nobody."""
    command = [sys.executable, "-m", "ruff", *words, "--isolated", "--no-cache", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def judged(sources: dict[str, str], folder: Path) -> str:
    """What formatter and linter find in these programs."""
    shutil.copy(INAPP / "probe.py", folder)
    for name, source in sources.items():
        compile(source, name, "exec")
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    left_alone = ("--exclude", "probe.py")
    return ruff(folder, "format", "--diff", "--line-length=88", *left_alone) + ruff(
        folder, "check", "--select=I,F,E", "--line-length=88", "--output-format=full", *left_alone
    )
