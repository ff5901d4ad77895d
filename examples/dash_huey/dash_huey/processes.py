"""The processes in which jobs run: known by their id and the time of their start, because the system uses ids again."""

from __future__ import annotations

import contextlib

import psutil


def current() -> str:
    """The name of this process."""
    process = psutil.Process()
    return f"{process.pid} {process.create_time()}"


def is_alive(name: str) -> bool:
    """True until the process has ended."""
    return _find(name) is not None


def kill(name: str) -> None:
    """Kill a process and all that it has started."""
    if (process := _find(name)) is None:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()


def _find(name: str) -> psutil.Process | None:
    pid, _, created = name.partition(" ")
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(int(pid))
        if process.create_time() == float(created) and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
