"""One running native app: its folder, its port, its session of processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType

from callback_conformance.processes.liveness import (
    ProcessHandle,
    ancestry,
    live_processes,
    was_killed,
)
from callback_conformance.processes.permissions import open_to_others
from callback_conformance.processes.port import is_listening, reserved_port
from callback_conformance.processes.temporary import temporary_folder
from callback_conformance.processes.trouble import KILLED, NotDecided, shortage
from callback_conformance.processes.warm import INAPP, Command, WarmProcess

TRACEBACK = "Traceback (most recent call last):"  # the line with which Python begins to print one
# Between two looks whether an app listens: a tenth of what it has taken so far, because each look takes from its time.
FIRST_LOOK_SECONDS, LONGER, LONGEST_SECONDS = 0.001, 1.1, 0.05
START_SECONDS = 60.0  # the slowest cold start measured is Taipy's 26 s, beside ten other cells on two processors


class AppDidNotStart(NotDecided):
    """The native app did not listen in time, or ended for a reason that is not its own."""


class AppEnded(AssertionError):
    """The program of a native app began, and ended before it listened on its port."""

    def __init__(self, message: str, last_error: str) -> None:
        super().__init__(message)
        #: The last exception that the app printed, or the end of its log if it printed none.
        self.last_error = last_error


@dataclass(frozen=True)
class Launch:
    """How an app's user starts it. ``{port}`` in a value is replaced by the app's port."""

    #: The app's ``sys.argv``: the file to run and its arguments. With a ``module``, that runs instead of the file.
    argv: tuple[str, ...] = ("app.py",)
    module: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


class App:
    """A native app that runs in a folder of its own and listens on a port that was reserved for it."""

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
        #: The sessions of servers that were killed; their jobs may still run.
        self._killed_servers: list[int] = []
        #: The processes that the test has killed.
        self.killed: set[int] = set()
        self._source = source
        self.files = tuple(files)
        self._reserve()
        self.folder = temporary_folder()
        self.program = self.folder / "app.py"
        self.log = self.folder / "app.log"
        temporary = self.folder / "tmp"
        #: The variables that it shares with its workers. What they leave among the temporary files goes with it.
        self.environment = {**environment, "PROBE_SOCKET": probe_socket, "TMPDIR": str(temporary)}
        try:
            temporary.mkdir()
            for name, text in {self.program.name: source, **files}.items():
                (self.folder / name).write_text(text, encoding="utf-8")
            shutil.copy(INAPP / "probe.py", self.folder)
            self.pid = self._start()
        except BaseException:
            self._release()
            raise

    def _reserve(self) -> None:
        self._reserved = reserved_port()
        self.port: int = self._reserved.getsockname()[1]

    def _start(self) -> int:
        launch = self._launch
        environment = {
            name: value.format(port=self.port) for name, value in launch.environment.items()
        }
        argv = [word.format(port=self.port) for word in launch.argv]
        command = Command(
            argv, self.folder, self.log, environment | self.environment, launch.module
        )
        return self._warm.fork(command)

    def _start_on_another_port(self) -> None:
        self._reserved.close()
        self._reserve()
        self.pid = self._start()
        self.wait_until_listening()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_listening(self, seconds: float = START_SECONDS) -> None:
        """Return once the app's port accepts connections. Raises AppEnded, which is the app's own failure, and
        AppDidNotStart, which is not."""
        with ProcessHandle(self.pid) as process:
            deadline = time.monotonic() + seconds
            pause = FIRST_LOOK_SECONDS
            while not is_listening(self.port):
                if process.ends_within(pause):
                    raise self._end_error()
                pause = min(LONGER * pause, LONGEST_SECONDS)
                if time.monotonic() > deadline:
                    raise AppDidNotStart(self._failure(f"did not listen within {seconds:.0f} s"))

    def _end_error(self) -> AppEnded | AppDidNotStart:
        """Why it has ended before it listened."""
        status = self._warm.end(self.pid)
        message = self._failure("ended before it listened on its port")
        if cause := self.trouble():
            return AppDidNotStart(f"{cause}\n{message}")
        if status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return AppDidNotStart(f"{KILLED.format('app')}\n{message}")
        return AppEnded(message, self.last_error() or self.log_tail())

    def trouble(self) -> str:
        """What this machine lacks, as its log tells or as a look at its folder shows; "" if nothing."""
        return shortage(self.printed()) or self._warm.write_failure(self.folder) or self._kill()

    def _kill(self) -> str:
        """That somebody else has killed it; "" if not, or if its own program may have."""
        is_own_doing = self.pid in self.killed or "SIGKILL" in self._source
        return KILLED.format("app") if was_killed(self.pid) and not is_own_doing else ""

    def restart(self) -> None:
        """Kill every process of the app, and start it in the same folder on another port; return once it listens."""
        self._warm.end(self.pid)
        self._start_on_another_port()

    def kill_server(self, jobs: Set[int]) -> None:
        """Kill the server, but not the processes ``jobs`` and what they have started; return once it is dead."""
        parents = {
            process.pid: process.parent
            for process in live_processes()
            if process.session == self.pid
        }
        spared = {pid for pid in parents if not jobs.isdisjoint(ancestry(pid, parents))}
        for pid in parents.keys() - spared:
            with contextlib.suppress(ProcessLookupError):
                self.kill_process(pid)

    def kill_process(self, pid: int) -> None:
        """Kill one process, and no other; return once it is dead."""
        self.killed.add(pid)
        with ProcessHandle(pid) as process:
            os.kill(pid, signal.SIGKILL)
            process.ends_within(START_SECONDS)

    def start_again(self, at_its_port: bool = False) -> None:
        """Start a server that was killed, in the same folder; return once it listens. Its port is another one unless
        asked otherwise: a job may hold the old one. Raises AppEnded if one does."""
        self._killed_servers.append(self.pid)
        if not at_its_port:
            self._start_on_another_port()
            return
        if is_listening(self.port):
            held = f"Port {self.port} accepts connections after the server was killed: a job holds its socket."
            raise AppEnded(held, held)
        self.pid = self._start()
        self.wait_until_listening()

    def processes(self) -> set[int]:
        """The ids of the app's processes that are alive."""
        return {process.pid for process in live_processes() if process.session == self.pid}

    def files_open_to_others(self) -> list[str]:
        """The files below its folder that its processes have made and that other users of the machine can open, if
        they can enter the folder itself."""
        own = {
            self.program,
            self.log,
            self.folder / "probe.py",
            *map(self.folder.joinpath, self.files),
        }
        return [
            str(f.relative_to(self.folder)) for f in open_to_others(self.folder) if f not in own
        ]

    def close(self, keep_folder: bool = False) -> None:
        """Kill every process of the app, free its port, and remove its folder unless a reader needs it."""
        try:
            for pid in (*self._killed_servers, self.pid):
                self._warm.end(pid)
        finally:
            self._release(keep_folder)

    def log_tail(self, lines: int = 25) -> str:
        """The last lines that the app printed."""
        return "\n".join(self.printed().splitlines()[-lines:])

    def last_error(self) -> str:
        """The last exception that the app printed, without its traceback; "" if it printed none."""
        return (self.errors() or [""])[-1]

    def errors(self) -> list[str]:
        """The exceptions that the app's processes printed, without their tracebacks: a server whose worker did not
        start prints one of its own after that of the worker."""
        return [_without_frames(text) for text in self.printed().split(TRACEBACK)[1:]]

    def printed(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _release(self, keep_folder: bool = False) -> None:
        self._reserved.close()
        if not keep_folder:
            shutil.rmtree(self.folder)

    def _failure(self, what_it_did: str) -> str:
        printed = self.log_tail() or "(nothing)"
        return f"The native app {self.program} {what_it_did}.\nIt printed:\n{printed}"


def _without_frames(printed: str) -> str:
    """What stands below the frames of a traceback."""
    lines = printed.splitlines()[1:]
    while lines and lines[0].startswith((" ", "\t")):
        del lines[0]
    return "\n".join(lines)
