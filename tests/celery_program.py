"""A program with one background callback on Celery, and its processes: servers and workers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from callback_conformance.processes.port import reserved_port

START_S = 60  # a worker is ready after 2 s, on a busy machine after 20
FACT_S = 20  # how long a test waits for a fact

CELERY = """\
celery_app = Celery(__name__, broker=os.environ["BROKER_URL"], backend=os.environ["RESULT_URL"])
"""
BACKGROUND = """\
from impl_dash_style import CeleryManager, Dash, Input, Output, html
{celery}
app = Dash(__name__, background_callback_manager=CeleryManager(celery_app))
@app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True, prevent_initial_call=True,
              progress=Output("bar", "children"), cancel=[Input("stop", "n_clicks")])
"""
LABS = """\
import impl_dash_style.labs as dl
from impl_dash_style import Dash, html
{celery}
manager = dl.CeleryCallbackManager(celery_app)
plugins = [dl.plugins.FlexibleCallbacks(), dl.plugins.HiddenComponents(), dl.plugins.LongCallback(manager)]
app = Dash(__name__, plugins=plugins)
@app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"), prevent_initial_call=True,
                   progress=dl.Output("bar", "children"), cancel=[dl.Input("stop", "n_clicks")])
"""
#: With it, a dead job that is noticed has not been noticed by the end of its lease, however slow the machine is.
LONG_LEASE = """\
from impl_dash_style import leases, worker
assert leases.LEASE_S == worker.LEASE_S
leases.LEASE_S = worker.LEASE_S = 3600
"""
PROGRAM = """\
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from celery import Celery
{lease}
{head}
def job(set_progress, value):
    with open("starts", "a") as starts:
        starts.write(f"{{value}} {{os.getpid()}}\\n")
    set_progress(f"{{value}} started")
    if value == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if value == "child":
        step = "import time\\nwhile True:\\n open('steps', 'a').write('.')\\n time.sleep(0.001)"
        subprocess.Popen([sys.executable, "-c", step])
    if value == "big":
        return "*" * 20_000_000
    if value == "exits":
        os._exit(0)
    while not Path(f"go-{{value}}").exists():
        time.sleep(0.005)
    return f"{{value}}!"


app.layout = html.Div(
    [html.P(id="out"), html.P(id="bar"), html.Button(id="run"), html.Button(id="stop")]
)

if __name__ == "__main__":
    app.run()
"""


class Program:
    """A program in a folder of its own. Its job sets the progress ``VALUE started``, waits until it is let go, and
    returns ``VALUE!``."""

    def __init__(
        self, folder: Path, broker: str, results: str, head: str = BACKGROUND, lease: str = ""
    ) -> None:
        self.folder = folder
        head = head.format(celery=CELERY)
        (folder / "app.py").write_text(PROGRAM.format(head=head, lease=lease), encoding="utf-8")
        self._environment = {**os.environ, "BROKER_URL": broker, "RESULT_URL": results}
        self._environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        self.processes: list[subprocess.Popen[bytes]] = []
        self.urls: list[str] = []
        self._ports: list[socket.socket] = []

    def server(self) -> str:
        """Start a server, wait until it answers, and return its address."""
        self._ports.append(reserved_port())
        port = self._ports[-1].getsockname()[1]
        name, url = f"server-{port}", f"http://127.0.0.1:{port}"
        process = self._start(name, sys.executable, "app.py", PORT=str(port))
        wait(lambda: _loads(url), lambda: self._log(name), START_S, process)
        self.urls.append(url)
        return url

    def worker(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until it is ready."""
        name = f"worker-{len(self.processes)}"
        command = (
            "-m",
            "celery",
            "-A",
            "app:celery_app",
            "worker",
            "-n",
            f"{name}@%h",
            "-l",
            "INFO",
        )
        quick = ("--without-mingle", "--without-gossip", "-c", "1", *words)
        process = self._start(name, sys.executable, *command, *quick)
        wait(lambda: " ready." in self._log(name), lambda: self._log(name), START_S, process)
        return process

    def starts(self) -> list[str]:
        """The values with which the job was started, in order."""
        return [line.split()[0] for line in self._starts()]

    def job(self, value: str) -> psutil.Process:
        """Wait until the job with this value has started; return its process."""
        wait(lambda: value in self.starts(), lambda: f"no job {value}")
        return psutil.Process(int(dict(line.split() for line in self._starts())[value]))

    def let_go(self, value: str) -> None:
        """Let the job with this value return."""
        (self.folder / f"go-{value}").touch()

    def close(self) -> None:
        """Kill all processes."""
        for process in self.processes:
            kill(process)
        for port in self._ports:
            port.close()

    def _starts(self) -> list[str]:
        file = self.folder / "starts"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def _start(self, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**self._environment, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with its whole session, and wait until it has ended."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running(program: Program) -> Iterator[Program]:
    """Kill the processes of a program at the end of the block."""
    try:
        yield program
    finally:
        program.close()


def wait(
    fact: Callable[[], bool],
    message: Callable[[], str],
    seconds: float = FACT_S,
    process: subprocess.Popen[bytes] | None = None,
) -> None:
    """Wait for a fact. Fail with the message after these seconds, or as soon as the process has ended."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert process is None or process.poll() is None, message()
        assert time.monotonic() < deadline, message()
        time.sleep(0.01)


def dead(process: psutil.Process) -> bool:
    """True for a process that runs no more, also before its parent has noticed."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _loads(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
