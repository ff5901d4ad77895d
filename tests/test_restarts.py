"""A server that goes away and comes back, and the jobs that it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callback_conformance.processes import App, WarmProcess
from tests.test_processes import ended, lives, start


@pytest.fixture
def running(warm: WarmProcess) -> Iterator[list[App]]:
    """The apps of a test; each is closed after it."""
    apps: list[App] = []
    yield apps
    for app in apps:
        app.close()


WITH_A_JOB = """\
import os, socket, subprocess
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(os.environ["PORT"])))
listener.set_inheritable(True)
job = subprocess.Popen(["sleep", "600"], close_fds=False)
print(job.pid, flush=True)
listener.listen()
while True:
    listener.accept()
"""


def job_of(app: App) -> int:
    """The process that an app has started and told of last."""
    return int(app.log_tail(1))


def test_a_server_is_killed_and_its_job_lives_on(warm: WarmProcess, running: list[App]) -> None:
    app = start(warm, WITH_A_JOB, running)
    app.wait_until_listening()
    server, job = app.pid, job_of(app)
    app.kill_server({job})
    assert app.processes() == {job}
    assert server not in app.processes()


def test_a_server_comes_back_beside_a_job_that_holds_its_port(
    warm: WarmProcess, running: list[App]
) -> None:
    app = start(warm, WITH_A_JOB, running)
    app.wait_until_listening()
    job, port, folder = job_of(app), app.port, app.folder
    app.kill_server({job})
    app.start_again()
    assert (app.port != port, app.folder) == (True, folder)
    assert lives(job)
    second = job_of(app)
    running.remove(app)
    app.close()
    ended(job)
    ended(second)


def test_a_server_takes_with_it_what_is_no_job(warm: WarmProcess, running: list[App]) -> None:
    app = start(warm, WITH_A_JOB, running)
    app.wait_until_listening()
    job = job_of(app)
    app.kill_server(set())
    assert app.processes() == set()
    ended(job)
