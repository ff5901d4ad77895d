"""Processes of the operating system: found again, killed with all their descendants, cut loose."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import psutil

Reference = tuple[int, float]
"""A process id and when the process was created, since the system uses ids again."""

_CLOCK_STEP_S: Final = 60
"""By how many seconds the creation time of one process may seem to change. It is computed from the
system's clock, which may be set; an id does not come round in a minute."""

_KILLED_S: Final = 5
"""Seconds to wait for killed processes. They die at once, unless the kernel holds them in a call."""


def reference(pid: int) -> Reference:
    """Return how to find a living process again."""
    return pid, psutil.Process(pid).create_time()


def find(reference: Reference) -> psutil.Process | None:
    """Return the process, or None if it is dead. A zombie is dead."""
    pid, created = reference
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - created) < _CLOCK_STEP_S
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def kill_tree(reference: Reference) -> None:
    """Kill a process and its descendants, and return when they are dead."""
    root = find(reference)
    if root is None:
        return
    doomed = {root}
    _each(doomed, psutil.Process.suspend)
    while new := _descendants(root) - doomed:  # what is suspended starts no more children
        _each(new, psutil.Process.suspend)
        doomed |= new
    _each(doomed, psutil.Process.kill)
    deadline = time.monotonic() + _KILLED_S
    while any(map(_lives, doomed)) and time.monotonic() < deadline:
        time.sleep(0.001)  # a killed process takes about that long to die


def die() -> None:
    """Kill this process and its descendants."""
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            kill_tree(reference(child.pid))
    os.kill(os.getpid(), signal.SIGKILL)


def _descendants(root: psutil.Process) -> set[psutil.Process]:
    try:
        return set(root.children(recursive=True))
    except psutil.NoSuchProcess:
        return set()


def _each(processes: set[psutil.Process], act: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            act(process)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def leave_server() -> None:
    """Give up what a forked process has of its server: signal handlers, and sockets.

    Otherwise the port of a dead server stays in use, and a page whose connection the server has
    closed does not notice, as long as the job runs.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if os.path.isdir("/proc/self/fd"):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in _server_sockets():
            os.dup2(nowhere, descriptor)  # not closed: its number must not be used again


def _server_sockets() -> list[int]:
    """Return the descriptors of the sockets that listen, and of those on the same ports."""
    names = {}
    listening = set()
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as found:
                name = found.getsockname()
                names[descriptor] = name[1] if isinstance(name, tuple) else name
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    listening.add(names[descriptor])
        except OSError:  # the descriptor of the listing itself, or a kind without a name
            continue
    return [descriptor for descriptor, name in names.items() if name in listening]
