"""Every scenario of the suite, rendered for every implementation; and run by hand."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.adapters import Adapter
from callback_conformance.adapters.dash.stores import REDIS
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Page
from callback_conformance.processes.app import START_SECONDS
from callback_conformance.processes.warm import INAPP
from callback_conformance.scenario import (
    scenario,
)
from tests.programs import OUT, RUN, job_for, judged
from tests.suite import adapters, installed, scenarios

CELLS = [
    pytest.param(adapter, dialect, backend, id=f"{adapter.name}-{dialect}-{backend}")
    for adapter in adapters()
    for dialect in adapter.dialects
    for backend in adapter.backends
]
FOREIGN = r"/tmp|/dev|/proc|\d+\.\d+\.\d+\.\d+|localhost|PROBE|PORT|harness|conformance|pytest"


@pytest.mark.parametrize(("implementation", "dialect", "backend"), CELLS)
def test_every_scenario_of_the_suite_is_formatted_as_a_person_would(
    implementation: Adapter, dialect: str, backend: str, tmp_path: Path
) -> None:
    sources = {
        name: implementation.render(rendered, dialect, backend)
        for name, rendered in scenarios(dialect)
    }
    assert len(sources) > 50, "scenarios of the suite"
    assert judged(sources, tmp_path) == ""


@pytest.mark.parametrize(("implementation", "dialect", "backend"), CELLS)
def test_nothing_of_the_harness_stands_in_a_program_but_import_probe(
    implementation: Adapter, dialect: str, backend: str
) -> None:
    for name, rendered in scenarios(dialect):
        source = implementation.render(rendered, dialect, backend)
        without_defaults = source.replace(f'"{REDIS}"', "")  # where a user's Redis is, by hand
        assert re.findall(FOREIGN, without_defaults) == [], name
        assert source.count("import probe\n") == 1, name
        used = set(re.findall(r"probe\.(\w+)", source))
        assert used <= {"started", "gate", "emit", "hit", "detach"}, name


@pytest.mark.parametrize(("implementation", "dialect", "backend"), CELLS)
def test_the_same_scenario_is_always_the_same_program(
    implementation: Adapter, dialect: str, backend: str
) -> None:
    first, again = (
        [implementation.render(rendered, dialect, backend) for _, rendered in scenarios(dialect)]
        for _ in range(2)
    )
    assert first == again


def test_dash_style_differs_from_dash_in_its_import_alone() -> None:
    by_name = {adapter.name: adapter for adapter in adapters()}
    for name, rendered in scenarios("background"):
        theirs, ours = (
            by_name[implementation].render(rendered, "background", "diskcache")
            for implementation in ("dash", "dash_style")
        )
        moved = re.sub(r"\bfrom dash\b", "from impl_dash_style", theirs)
        assert moved != theirs, name
        assert ast.dump(ast.parse(moved)) == ast.dump(ast.parse(ours)), name


# By hand.


@pytest.mark.parametrize(
    "implementation",
    [pytest.param(adapter, id=adapter.name) for adapter in adapters() if installed(adapter)],
)
def test_a_kept_program_runs_by_hand_and_its_gates_open_by_themselves(
    implementation: Adapter,
) -> None:
    waiting = scenario(RUN, OUT, job_for())
    with _by_hand(implementation, waiting) as (url, printed):
        timeline = Timeline()
        controller = JobController(timeline)  # no job of the app knows of it
        tab = implementation.drivers["wire"](url, timeline, controller, "page-1", None)
        page = Page(tab, timeline, controller, None, "page-1", "")
        page.click("run")
        page.expect_value("out.children", "done")
        page.close()
        assert controller.jobs == ()
        controller.close()
        assert "probe: gate gate" in printed.read_text()


@contextlib.contextmanager
def _by_hand(implementation: Adapter, waiting: Any) -> Iterator[tuple[str, Path]]:
    """A program started as its user starts it, in the folder where it is kept; what it prints."""
    folder = Path(tempfile.mkdtemp(prefix="by-hand-"))
    backend = implementation.backends[0]
    source = implementation.render(waiting, implementation.dialects[0], backend)
    (folder / "app.py").write_text(source, encoding="utf-8")
    shutil.copy(INAPP / "probe.py", folder)
    port = _free_port()
    launch = implementation.launch(waiting, backend)
    variables = {name: value.format(port=port) for name, value in launch.environment.items()}
    own = {name: value for name, value in os.environ.items() if name != "PROBE_SOCKET"}
    argv = [sys.executable, *(word.format(port=port) for word in launch.argv)]
    printed = folder / "printed"
    with printed.open("w") as output:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env={**own, **variables},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _listens(process, port)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        return int(connection.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the port accepts connections."""
    life = os.pidfd_open(process.pid)
    try:
        for _ in range(int(START_SECONDS / 0.01)):
            with socket.socket() as connection:
                if connection.connect_ex(("127.0.0.1", port)) == 0:
                    return
            assert not select.select([life], [], [], 0.01)[0], "the program ended at its start"
    finally:
        os.close(life)
    raise AssertionError(f"nothing listened on {port}")
