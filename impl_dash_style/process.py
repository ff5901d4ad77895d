"""Processes of the operating system: how to find one again, kill its tree, and detach it from its server."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import psutil

#: Seconds to wait for killed processes. They die at once, unless the kernel holds them in a call.
_KILLED_S: Final = 5


def reference(pid: int) -> str:
    """The text by which ``find`` finds a living process again. The system uses its number for others later."""
    return f"{pid} {_start(pid)}"


def lives(reference: str) -> bool:
    """Whether the process lives. A zombie does not."""
    pid, _, start = reference.partition(" ")
    return bool(start) and _start(int(pid)) == start


def find(reference: str) -> psutil.Process | None:
    """The process, or None if it is dead. A zombie is dead."""
    try:
        process = psutil.Process(int(reference.partition(" ")[0]))
    except psutil.NoSuchProcess:
        return None
    return (
        process if lives(reference) else None
    )  # psutil sends no signal to a later one of its number


def _start(pid: int) -> str:
    """When a living process was started; "" for a dead one. No two with the same number have the same text.

    It counts ticks since the system's start: unlike the time of day, nobody can set them.
    """
    try:
        # After the command, which may hold anything, comes field 3, the state; the start is field 22.
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else f"{fields[22 - 3]} {_boot()}"
    except (FileNotFoundError, ProcessLookupError):
        return "" if os.path.exists("/proc/self/stat") else _creation(pid)


@cache
def _boot() -> str:
    """What tells this run of the system from others."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _creation(pid: int) -> str:
    """The start of a process on a system without /proc."""
    try:
        process = psutil.Process(pid)
        zombie = process.status() == psutil.STATUS_ZOMBIE
        return "" if zombie else repr(process.create_time())
    except psutil.NoSuchProcess:
        return ""


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
