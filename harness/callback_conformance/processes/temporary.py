"""Folders for what a run writes. Their names hold the run's process id, so that the next run can remove what one
that was killed has left."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import tempfile
from pathlib import Path

from callback_conformance.processes.liveness import ProcessHandle

#: The variable by which the processes of a run are known; each value begins with ``run_mark()``.
MARK = "CALLBACK_CONFORMANCE_RUN"
ALWAYS_SHORT = "/tmp"  # noqa: S108  where Linux keeps temporary files, whatever TMPDIR names
SOCKET_BYTES = 107  # sun_path of a Unix socket, without the byte that ends it
#: The longest socket below such a folder: one of multiprocessing in an app, whose TMPDIR is ``tmp`` there.
LONGEST_SOCKET = "conformance-rabbitmq-4194304-ffff-12345678/tmp/pymp-12345678/listener-12345678"
NAME = re.compile(r"conformance-(?:[a-z]+-)?(?P<pid>\d+)-(?P<namespace>[0-9a-f]{4})-\w{8}")
END_SECONDS = 10.0  # a process ends within milliseconds of SIGKILL: longer means a bug


def run_mark() -> str:
    """What the processes of this run have in their environment, and its folders in their names."""
    return f"{os.getpid()}-{namespace()}-"


def namespace() -> str:
    """Four digits of this machine's process ids: a container that shares the directory has others."""
    return f"{os.stat('/proc/self/ns/pid').st_ino & 0xFFFF:04x}"


def temporary_folder(kind: str = "") -> Path:
    """Create a folder in the directory for temporary files, or in /tmp where the path of a socket in it would be
    too long. Whoever creates it removes it."""
    prefix = f"conformance-{kind}{'-' if kind else ''}{run_mark()}"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_root()))


def remove_leftovers() -> None:
    """Kill the processes and remove the folders of this user's runs that have ended without doing so."""
    for root in {tempfile.gettempdir(), _root()}:
        for folder in Path(root).iterdir():
            match = NAME.fullmatch(folder.name)
            if match and match["namespace"] == namespace() and _is_left(folder, match["pid"]):
                kill_marked(f"{match['pid']}-{match['namespace']}-")
                shutil.rmtree(folder, ignore_errors=True)


def kill_marked(mark: str) -> None:
    """Kill every process whose mark begins like this, and those that they start meanwhile; return once they are
    dead."""
    while pids := _marked(mark):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError), ProcessHandle(pid) as process:
                os.kill(pid, signal.SIGKILL)
                process.ends_within(END_SECONDS)


def _marked(mark: str) -> list[int]:
    entry = f"\0{MARK}={mark}".encode()
    pids = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it has just ended, or is another user's
            if folder.name.isdigit() and entry in b"\0" + (folder / "environ").read_bytes():
                pids.append(int(folder.name))
    return pids


def _root() -> str:
    root = tempfile.gettempdir()
    is_short = len(os.fsencode(root)) + 1 + len(LONGEST_SOCKET) <= SOCKET_BYTES
    return root if is_short or not os.access(ALWAYS_SHORT, os.W_OK) else ALWAYS_SHORT


def _is_left(folder: Path, pid: str) -> bool:
    with contextlib.suppress(FileNotFoundError):  # another run removes it, too
        return folder.lstat().st_uid == os.getuid() and not Path("/proc", pid).exists()
    return False
