"""Apps of a few lines, and what becomes of their processes."""

from __future__ import annotations

import contextlib
import os
import select
import signal

from callback_conformance.processes import (
    App,
    Launch,
    WarmProcess,
)

SECONDS = 20.0  # what is killed dies within milliseconds, on a busy machine within seconds
PORT = Launch(environment={"PORT": "{port}"})
LISTENS = """\
import os, socket
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
"""
SERVES = f"{LISTENS}while True: listener.accept()\n"


def start(warm: WarmProcess, source: str, running: list[App], launch: Launch = PORT) -> App:
    """Start an app."""
    running.append(App(warm, source, launch, probe_socket=""))
    return running[-1]


def lives(pid: int) -> bool:
    """True while there is a process with this id."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def ended(pid: int) -> None:
    """Wait until a process has ended, whichever process is its parent."""
    with contextlib.suppress(ProcessLookupError):
        pidfd = os.pidfd_open(pid)
        has_ended = select.select([pidfd], [], [], SECONDS)[0]
        os.close(pidfd)
        assert has_ended, f"process {pid} still runs"


STRAY = """\
import os, subprocess, sys
waits = [sys.executable, "-c", "import sys; sys.stdin.readline()"]
stray = subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True)
print("pid", stray.pid, flush=True)
"""


FAMILY = """\
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
waits = [sys.executable, "-c", "import sys; sys.stdin.readline()"]
child = subprocess.Popen(waits, stdin=subprocess.PIPE)
if os.fork() == 0:
    if os.fork() == 0:
        orphan = subprocess.Popen(waits, stdin=subprocess.PIPE)
        print("pid", orphan.pid, flush=True)
        os._exit(orphan.wait())
    os._exit(0)
os.wait()
print("pid", child.pid, flush=True)
"""


def family(app: App) -> list[int]:
    """The process ids that an app has printed."""
    return [int(line.split()[1]) for line in app.log_tail().splitlines()]


STRAY = """\
import os, subprocess, sys
waits = [sys.executable, "-c", "import sys; sys.stdin.readline()"]
stray = subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True)
print("pid", stray.pid, flush=True)
"""


def killed(warm: WarmProcess) -> None:
    """Kill the fork server, and wait until it is dead."""
    pid = warm.pid
    os.kill(pid, signal.SIGKILL)
    ended(pid)
