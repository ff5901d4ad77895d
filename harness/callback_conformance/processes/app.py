"""One running native app: its folder, its port, its session of processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from callback_conformance.processes.life import Life, alive, ancestry
from callback_conformance.processes.port import answers, reserved_port
from callback_conformance.processes.warm import INAPP, Command, WarmProcess

TRACEBACK = "Traceback (most recent call last):"  # how Python begins to tell of an exception
START_SECONDS = 60.0  # the slowest cold start measured is Taipy's 26 s, beside ten other cells on two processors


class AppDidNotStart(AssertionError):
    """The native app ended, or kept silent, before it answered on its port."""


class AppEnded(AppDidNotStart):
    """The native app ended before it answered on its port; ``words`` are those of its last error."""

    def __init__(self, obituary: str, words: str) -> None:
        super().__init__(obituary)
        self.words = words


@dataclass(frozen=True)
class Launch:
    """How an app's user starts it: the words after ``python`` (``{port}`` is filled in), or a module."""

    argv: tuple[str, ...] = ("app.py",)
    module: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


class App:
    """A native app that runs in a folder of its own and listens on a port that was reserved for it.

    ``environment`` are the variables that it shares with its workers."""

    def __init__(
        self,
        warm: WarmProcess,
        source: str,
        launch: Launch,
        probe_socket: str,
        files: Mapping[str, str] = MappingProxyType({}),
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._warm = warm
        self._launch = launch
        self.environment = {**environment, "PROBE_SOCKET": probe_socket}
        self._earlier: list[int] = []
        self.files = tuple(files)
        self._reserve()
        self.folder = Path(tempfile.mkdtemp(prefix="conformance-"))
        self.program = self.folder / "app.py"
        self.log = self.folder / "app.log"
        for name, text in {self.program.name: source, **files}.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        shutil.copy(INAPP / "probe.py", self.folder)
        try:
            self.pid = self._start()
        except BaseException:
            self._clear()
            raise

    def _reserve(self) -> None:
        self._reserved = reserved_port()
        self.port: int = self._reserved.getsockname()[1]

    def _start(self) -> int:
        fill = {"port": self.port}
        given = self._launch.environment.items()
        environment = {name: value.format(**fill) for name, value in given}
        environment |= self.environment
        argv = [word.format(**fill) for word in self._launch.argv]
        started = Command(argv, self.folder, self.log, environment, self._launch.module)
        return self._warm.fork(started)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_listening(self, seconds: float = START_SECONDS) -> None:
        """Return once the app's port accepts connections; raise AppDidNotStart when it never does."""
        with Life(self.pid) as life:
            give_up = time.monotonic() + seconds
            while not answers(self.port):
                if life.over(pause_seconds=0.001):
                    obituary = self._obituary("ended before it listened on its port")
                    raise AppEnded(obituary, self.last_error() or self.log_tail())
                if time.monotonic() > give_up:
                    raise AppDidNotStart(self._obituary(f"did not listen within {seconds:.0f} s"))

    def restart(self) -> None:
        """Kill every process of the app and start it anew in its folder, on another port; return once it
        listens."""
        self._warm.end(self.pid)
        self._reserved.close()
        self._reserve()
        self.pid = self._start()
        self.wait_until_listening()

    def kill_server(self, jobs: Set[int]) -> None:
        """Kill the server, and leave the processes ``jobs``, with all that they have started, alive; return
        once it is dead."""
        parents = {pid: parent for pid, parent, session in alive() if session == self.pid}
        spared = {pid for pid in parents if not jobs.isdisjoint(ancestry(pid, parents))}
        for pid in parents.keys() - spared:
            with contextlib.suppress(ProcessLookupError):
                self.kill_process(pid)

    def kill_process(self, pid: int) -> None:
        """Kill one process, and no other; return once it is dead."""
        with Life(pid) as life:
            os.kill(pid, signal.SIGKILL)
            life.over(pause_seconds=START_SECONDS)

    def start_again(self) -> None:
        """Start the server anew in its folder, on another port: a job may hold the one that it had. Return
        once it listens."""
        self._earlier.append(self.pid)
        self._reserved.close()
        self._reserve()
        self.pid = self._start()
        self.wait_until_listening()

    def processes(self) -> set[int]:
        """The processes of the app that are alive."""
        return {pid for pid, _, session in alive() if session == self.pid}

    def close(self, keep_folder: bool = False) -> None:
        """Kill every process of the app, free its port and, unless a reader needs it, its folder."""
        try:
            for pid in (*self._earlier, self.pid):
                self._warm.end(pid)
        finally:
            self._clear(keep_folder)

    def log_tail(self, lines: int = 25) -> str:
        """The last lines that the app printed."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def last_error(self) -> str:
        """The last exception that the app printed, without its traceback; else empty."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        _, found, stack = text.rpartition(TRACEBACK)
        lines = stack.splitlines()[1:] if found else []
        while lines and lines[0].startswith((" ", "\t")):
            del lines[0]
        return "\n".join(lines)

    def _clear(self, keep_folder: bool = False) -> None:
        self._reserved.close()
        if not keep_folder:
            shutil.rmtree(self.folder)

    def _obituary(self, what: str) -> str:
        printed = self.log_tail() or "(nothing)"
        return f"The native app {self.program} {what}.\nIt printed:\n{printed}"
