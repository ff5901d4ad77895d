"""A process that is no job and belongs to no app: whether it lives is a fact."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from callback_conformance.control.violation import Violation
from callback_conformance.processes.trouble import NotDecided

# It answers each line. Its parent makes it with ``clone3``, which alone can choose a number, and ends with it.
PROGRAM = """
import ctypes, os, sys

number = int(sys.argv[1])
if number:
    names = "flags pidfd child_tid parent_tid exit_signal stack stack_size tls set_tid set_tid_size cgroup"
    class Arguments(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in names.split()]
    numbers = (ctypes.c_int * 1)(number)
    chosen = Arguments(exit_signal=17, set_tid=ctypes.addressof(numbers), set_tid_size=1)  # SIGCHLD
    system = ctypes.CDLL(None, use_errno=True)
    pid = system.syscall(435, ctypes.byref(chosen), ctypes.sizeof(chosen))
else:
    pid = os.fork()
if pid < 0:
    print(os.strerror(ctypes.get_errno()), flush=True)
elif pid:
    os.waitpid(pid, 0)
else:
    print(os.getpid(), flush=True)
    while line := sys.stdin.readline():
        print(line, end="", flush=True)
"""


class Bystander:
    """A process that nobody but the test may stop."""

    def __init__(self, number: int = 0) -> None:
        """Start it, with a process number of the test's choice unless that is 0. Raises NotDecided where this
        machine does not allow that."""
        self._parent = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", PROGRAM, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._answer()
        if not first.isdecimal():
            self.close()
            raise NotDecided(
                f"no process can be started with the number {number} ({first or 'it ended'}): that takes the "
                "capability CAP_CHECKPOINT_RESTORE, which root has, and a number that is free"
            )
        self.pid = int(first)

    def expect_alive(self) -> None:
        """It lives: it still answers. What has been sent a signal that ends it does not get to answer."""
        assert self._parent.stdin
        with contextlib.suppress(BrokenPipeError):  # nobody is left to read it
            self._parent.stdin.write("alive?\n")
            self._parent.stdin.flush()
        if not self._answer():
            raise Violation(f"process {self.pid}, which is no job, was stopped")

    def close(self) -> None:
        """End it."""
        assert self._parent.stdin
        assert self._parent.stdout
        with contextlib.suppress(BrokenPipeError):
            self._parent.stdin.close()  # the end of its input
        self._parent.wait()
        self._parent.stdout.close()

    def _answer(self) -> str:
        assert self._parent.stdout
        return self._parent.stdout.readline().strip()
