"""Waiting for facts: what a job says, and where it waits. A job may be a thread or a forked process."""

import multiprocessing
import os
import select
import signal
import socket
from typing import Any

from deviations.common.outcome import Undecided


class Notes:
    """What jobs write, for the reproducer to read."""

    def __init__(self) -> None:
        self.receiver, self.sender = multiprocessing.Pipe(duplex=False)

    def write(self, note: Any) -> None:
        self.sender.send(note)

    def come(self, seconds: float) -> bool:
        """Tell whether a note is unread, or is written within this time."""
        return self.receiver.poll(seconds)

    def read(self, seconds: float = 10) -> Any:
        """Return the next note; wait for it."""
        if not self.come(seconds):
            raise Undecided(f"no job wrote a note within {seconds} s")
        return self.receiver.recv()


class Gate:
    """Where jobs wait until the reproducer lets them pass."""

    def __init__(self) -> None:
        self.arrivals, self.passes = Notes(), Notes()

    def wait(self) -> None:
        """In a job: report the arrival, and wait for a pass."""
        self.arrivals.write(os.getpid())
        self.passes.receiver.recv()

    def reached(self) -> int:
        """Wait until a job arrives, and return its process id."""
        return int(self.arrivals.read())

    def open(self) -> None:
        """Let one job pass."""
        self.passes.write("pass")


def ends_soon(process_id: int) -> bool:
    """Tell whether a process ends within five seconds; kill it if it does not. A killed one ends at once."""
    try:
        process = os.pidfd_open(process_id)
    except ProcessLookupError:  # it has ended
        return True
    ended, _, _ = select.select([process], [], [], 5)
    if not ended:
        signal.pidfd_send_signal(process, signal.SIGKILL)
    return bool(ended)


def accepts_connections(port: int) -> bool:
    """Tell whether a port of this machine accepts connections, answered or not."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
