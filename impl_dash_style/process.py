"""Processes of the operating system: how to find one again, kill its tree, and detach it from its server."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

#: Seconds to wait for killed processes. They die at once, unless the kernel holds them in a call.
_KILLED_S: Final = 5


def reference(pid: int) -> str:
    """The text by which ``find`` finds a living process again. The system uses its number for others later."""
    return f"{pid} {_start(psutil.Process(pid))}"


def find(reference: str) -> psutil.Process | None:
    """The process, or None if it is dead. A zombie is dead."""
    pid, _, start = reference.partition(" ")
    try:
        process = psutil.Process(int(pid))
        same = _start(process) == start
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _start(process: psutil.Process) -> str:
    """When a process was started. No two with the same number have the same text.

    It counts the ticks since the system's start, of which the kernel gives no number twice in one: unlike the
    time of day, they don't change when someone sets the clock. Raises NoSuchProcess.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # After the command, which may hold anything, comes field 3; the start is field 22.
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return f"{fields[22 - 3]} {boot}"
    except (FileNotFoundError, ProcessLookupError):
        return repr(process.create_time())  # a system without /proc, or a process that has ended


def kill_tree(reference: str) -> None:
    """Kill a process and its descendants. They are dead when this returns."""
    root = find(reference)
    if root is None:
        return
    tree = {root}
    _apply(psutil.Process.suspend, tree)
    while new := _descendants(root) - tree:  # a suspended process starts no more children
        _apply(psutil.Process.suspend, new)
        tree |= new
    _apply(psutil.Process.kill, tree)
    deadline = time.monotonic() + _KILLED_S
    while any(map(_lives, tree)) and time.monotonic() < deadline:
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


def _apply(action: Callable[[psutil.Process], None], processes: set[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            action(process)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def leave_server() -> None:
    """Give up what a forked process inherits from its server: signal handlers and sockets.

    Otherwise, as long as the job runs, the port of a dead server stays in use, and a page does not notice
    that the server has closed its connection.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if os.path.isdir("/proc/self/fd"):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in _server_sockets():
            os.dup2(nowhere, descriptor)  # not closed: its number must not be used again


def _server_sockets() -> list[int]:
    """The descriptors of the sockets that listen, and of those on the same ports."""
    ports = {}
    listening = set()
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as duplicate:
                name = duplicate.getsockname()
                ports[descriptor] = name[1] if isinstance(name, tuple) else name
                if duplicate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    listening.add(ports[descriptor])
        except OSError:  # the descriptor of the listing itself, or a kind without a name
            continue
    return [descriptor for descriptor, port in ports.items() if port in listening]
