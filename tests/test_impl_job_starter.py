"""The process of ``impl_dash_style`` that starts jobs: what it shares with its server, and whose end is whose."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import diskcache
import psutil
import pytest

from impl_dash_style import DiskcacheManager
from impl_dash_style.job_starter import FORKS
from tests.running_apps import ended, lives

pytestmark = pytest.mark.skipif(not FORKS, reason="jobs are not forked on this system")

ROOT = Path(__file__).parent.parent

# A server with a second thread. Each line that it reads starts a job, which says what its parent is and ends with
# the next byte in its pipe.
SERVER = """
import json, os, sys, threading
from impl_dash_style.exceptions import CallbackFailure
from impl_dash_style.job_starter import JobStarter

gate, opener = os.pipe()

def run_job(message):
    parent = os.getppid()
    facts = {"pid": os.getpid(), "parent": parent, "threads": len(os.listdir(f"/proc/{parent}/task"))}
    print(json.dumps({**facts, "message": message.decode()}), flush=True)
    os.read(gate, 1)

threading.Thread(target=threading.Event().wait, daemon=True).start()
starter = JobStarter(run_job)
for line in sys.stdin:
    try:
        starter.start(line.strip().encode())
    except CallbackFailure as failure:
        print(json.dumps({"failure": str(failure)}), flush=True)
os._exit(0)
"""


class Server:
    """A running server of that program."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def start(self, message: str) -> dict[str, Any]:
        """Have a job started; return what it or the server says."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{message}\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said


@pytest.fixture
def server() -> Iterator[Server]:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        try:
            yield Server(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_jobs_are_forked_by_a_process_of_one_thread(server: Server) -> None:
    first, second = server.start("first"), server.start("second")
    assert (first["message"], second["message"]) == ("first", "second")
    assert first["parent"] == second["parent"] != server.process.pid
    assert first["threads"] == 1


def test_a_server_is_told_that_the_process_which_starts_jobs_was_killed(server: Server) -> None:
    job = server.start("job")
    os.kill(job["parent"], signal.SIGKILL)
    ended(job["parent"])
    assert "has died. Start the server again." in server.start("another")["failure"]
    assert lives(job["pid"])


def test_the_process_which_starts_jobs_ends_with_its_server_and_the_jobs_live_on(
    server: Server,
) -> None:
    job = server.start("job")
    server.process.kill()
    ended(job["parent"])
    assert lives(job["pid"])


def has_open(pid: int, path: Path) -> bool:
    """Whether a process has this file open."""
    return str(path) in [file.path for file in psutil.Process(pid).open_files()]


@contextmanager
def prepared(cache: diskcache.Cache) -> Iterator[tuple[DiskcacheManager, int]]:
    """A manager that is ready for jobs, and the process that starts them."""
    before = children()
    manager = DiskcacheManager(cache)
    manager.prepare([])
    [starter] = children() - before
    try:
        yield manager, starter
    finally:
        os.kill(starter, signal.SIGKILL)
        os.waitpid(starter, 0)


def children() -> set[int]:
    """The processes that this one has started."""
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return set(map(int, text.split()))


def test_the_process_which_starts_jobs_has_no_store_open_and_its_server_does(
    tmp_path: Path,
) -> None:
    cache = diskcache.Cache(str(tmp_path))
    assert cache.get("opened") is None
    with prepared(cache) as (manager, starter):
        with manager.session() as store:
            store.set("key", 1)
        assert has_open(os.getpid(), tmp_path / "cache.db")
        assert not has_open(starter, tmp_path / "cache.db")


def test_the_store_stays_open_when_a_thread_ends(tmp_path: Path) -> None:
    with prepared(diskcache.Cache(str(tmp_path))) as (manager, _):

        def write() -> None:
            with manager.session() as store:
                store.set("key", 1)

        thread = Thread(target=write)
        thread.start()
        thread.join()
        # SQLite removes it when the last connection is closed, which writes everything to the disk.
        assert (tmp_path / "cache.db-wal").exists()
