"""Whatever ends a run, nothing of it is left: no process, and no file."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from callback_conformance.entry_point import PLUGIN

ROOT = Path(__file__).parents[1]
SECONDS = (
    20.0  # what is killed dies within milliseconds; a busy machine may take a thousand times that
)
HANGS_SECONDS = 120.0  # two interpreters and all their imports, on a machine however busy

TEST = """\
import os, pathlib, sys
from callback_conformance.plugin import covers
from callback_conformance.scenario import Button, Text, background, give, wait_at

@covers("BG-1")
def test_waits(open_page):
    job = background(output="out.children", inputs="run.n_clicks", job=wait_at("gate") >> give(1))
    page = open_page(Button("run"), Text("out"), job)
    page.click("run")
    page.next_job().wait_for_gate("gate")
    pathlib.Path(os.environ["HERE"]).write_text("here")
    {then}
"""


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder for everything that a run writes; its path is short, as sockets need it."""
    folder = Path(tempfile.mkdtemp(prefix="left-"))
    (folder / "tmp").mkdir()
    yield folder
    shutil.rmtree(folder)


def started(folder: Path, *words: str) -> tuple[subprocess.Popen[str], str]:
    """Start a Python, with a mark in its environment that identifies its processes; wait until it has written into ``HERE``."""
    mark = f"mark-{uuid.uuid4()}"
    own = {"LEFTOVERS": mark, "TMPDIR": f"{folder}/tmp", "HERE": f"{folder}/here"}
    os.mkfifo(own["HERE"])
    here = os.open(own["HERE"], os.O_RDONLY | os.O_NONBLOCK)
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **own, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    over = os.pidfd_open(process.pid)
    has_written = here in select.select([here, over], [], [], HANGS_SECONDS)[0]
    os.close(here)
    os.close(over)
    if not has_written:
        process.kill()
        raise AssertionError(process.communicate()[0])
    return process, mark


def run_of(disk: Path, then: str, *options: str) -> tuple[subprocess.Popen[str], str]:
    """A run of pytest whose test has a job at its gate, and does ``then``."""
    (disk / "test_waits.py").write_text(TEST.format(then=then))
    implementation = "--impl=tests.scripted:adapter"
    words = ("-m", "pytest", "-p", "no:dash", "-p", PLUGIN, implementation, "test_waits.py")
    return started(disk, *words, *options)


def marked(mark: str) -> list[int]:
    """The processes that have this mark in their environment."""
    pids = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                pids.append(int(entry.name))
    return pids


def all_end(pids: list[int]) -> bool:
    """Wait until these processes have ended; False when one goes on."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            pidfd = os.pidfd_open(pid)
            over = select.select([pidfd], [], [], SECONDS)[0]
            os.close(pidfd)
            if not over:
                return False
    return True


def files(disk: Path) -> list[str]:
    """What a run has left in the folder for temporary files; pytest keeps a folder of its own there."""
    names = [entry.name for entry in (disk / "tmp").iterdir()]
    return [name for name in names if not name.startswith("pytest-of-")]


HOLDS = "page.expect_value('out.children', 1)"  # which waits as long as a wait may last


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_end_leaves_no_process_and_no_file(
    disk: Path, number: signal.Signals
) -> None:
    run, mark = run_of(disk, HOLDS)
    everyone = marked(mark)
    assert len(everyone) >= 3, "pytest, the warm process, the app"
    run.send_signal(number)
    printed = run.communicate(timeout=SECONDS)[0]
    assert run.returncode == pytest.ExitCode.INTERRUPTED, printed
    assert all_end(everyone)
    assert marked(mark) == []
    assert files(disk) == []


def test_a_run_that_is_killed_leaves_no_process_and_its_files_to_the_next_run(disk: Path) -> None:
    run, mark = run_of(disk, HOLDS)
    everyone = marked(mark)
    run.kill()
    run.communicate()
    assert all_end(everyone)
    assert marked(mark) == []
    assert len(files(disk)) == 2, "an app's folder, and a socket's"
    (disk / "here").unlink()
    run, _ = run_of(disk, "page._controller.jobs[0].release('gate')")
    run.communicate(timeout=SECONDS)
    assert files(disk) == []


@pytest.mark.parametrize(
    ("then", "status"),
    [
        ("page._controller.jobs[0].release('gate'); page.expect_value('out.children', 1)", 1),
        ("assert False, 'no'", 1),
        ("1 / 0", 1),
        ("sys.exit(3)", 1),
    ],
    ids=["holds", "violated", "error", "exit"],
)
def test_a_run_that_ends_leaves_no_process_and_no_file(disk: Path, then: str, status: int) -> None:
    run, mark = run_of(disk, then)
    everyone = marked(mark)
    printed = run.communicate(timeout=SECONDS)[0]
    assert run.returncode in (0, status), printed
    assert all_end(everyone)
    assert marked(mark) == []
    assert files(disk) == []


def test_workers_leave_no_process_and_no_file_either(disk: Path) -> None:
    run, mark = run_of(disk, HOLDS, "-n", "1")
    everyone = marked(mark)
    assert len(everyone) >= 4, "pytest, its worker, the warm process, the app"
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=SECONDS)
    assert all_end(everyone)
    assert marked(mark) == []
    assert files(disk) == []


HARNESS = """\
import os, pathlib, sys
from callback_conformance.processes import App, Launch, WarmProcess
warm = WarmProcess(sys.executable)
source = "import os, socket, subprocess, sys\\n" \\
    "child = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=-1)\\n" \\
    "listener = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))\\n" \\
    "while True: listener.accept()\\n"
app = App(warm, source, Launch(environment={"PORT": "{port}"}), "")
app.wait_until_listening()
pathlib.Path(os.environ["HERE"]).write_text("here")
sys.stdin.read()
"""


def test_the_apps_of_a_harness_that_is_killed_end_with_it(disk: Path) -> None:
    harness, mark = started(disk, "-c", HARNESS)
    everyone = marked(mark)
    assert len(everyone) == 4, "the harness, its warm process, the app, the app's child"
    harness.kill()
    harness.communicate()
    assert all_end(everyone)
    assert marked(mark) == []
