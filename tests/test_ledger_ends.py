"""A run of the ledger leaves no program and no browser behind, however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_ledger import entry

#: Runs a ledger as its command does.
RUN = """
import sys
from pathlib import Path
from callback_conformance.cli.main import main
from callback_conformance.ledger import entries
entries.LEDGER = Path(sys.argv[1])
main(["ledger", "run"])
"""
#: It reports where its temporary files go, which all of its processes have in their environment, and goes on.
GOES_ON = """
import os, pathlib, time
{opens}
os.fork()
pathlib.Path({report!r}).write_text(os.environ["TMPDIR"])
time.sleep(600)
"""
OPENS_CHROMIUM = """
import shutil
from playwright.sync_api import sync_playwright
playwright = sync_playwright().start()
browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
"""
SECONDS = 20  # a killed process is gone in milliseconds; a browser closes its files first


@pytest.mark.parametrize(
    ("number", "opens"),
    [
        pytest.param(signal.SIGTERM, "", id="terminated"),
        pytest.param(signal.SIGINT, "", id="interrupted"),
        pytest.param(signal.SIGKILL, "", id="killed"),
        pytest.param(signal.SIGTERM, OPENS_CHROMIUM, id="terminated, chromium"),
        pytest.param(signal.SIGKILL, OPENS_CHROMIUM, id="killed, chromium"),
    ],
)
def test_a_run_that_is_ended_leaves_no_process(
    tmp_path: Path, number: signal.Signals, opens: str
) -> None:
    report = tmp_path / "report"
    entry(tmp_path / "ledger", "scripted-goes-on", GOES_ON.format(opens=opens, report=str(report)))
    command = [sys.executable, "-c", RUN, str(tmp_path / "ledger")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        until(lambda: report.exists() and report.read_text() != "")
        assert processes_with(report.read_text())
        run.send_signal(number)
        run.communicate(timeout=SECONDS)
    until(lambda: not processes_with(report.read_text()))
    if number != signal.SIGKILL and not opens:  # a browser may still write while they are removed
        assert not Path(report.read_text()).exists(), "its temporary files"


def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact."""
    give_up = time.monotonic() + SECONDS
    while not fact():
        assert time.monotonic() < give_up, "it does not come true"
        time.sleep(0.02)


def processes_with(folder: str) -> list[int]:
    """The processes that have this folder for their temporary files."""
    variable = f"TMPDIR={folder}".encode()
    pids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if variable in (process / "environ").read_bytes().split(b"\0"):
                pids.append(int(process.name))
        except OSError:  # it has just ended, or is not ours
            continue
    return pids
