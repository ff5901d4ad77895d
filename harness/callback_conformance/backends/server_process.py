"""A server's process and its folder, which end with the test run however that ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from callback_conformance.backends.service import TAIL_LINES
from callback_conformance.processes.liveness import ProcessHandle
from callback_conformance.processes.temporary import temporary_folder

# A shell stands between the test run and the server. It reads from a pipe that only the run writes to: the system
# closes it when the run ends, be it by SIGKILL. Then the shell kills the server's whole session (a signal on its
# parent's death would reach one process and leave the folder). Every process of the session holds pipe 3, which the
# run reads: when it is closed, all have ended. One that has not may still write, and so keep the folder from being
# removed.
WATCHDOG = """\
folder=$1
shift
exec 3>&1
setsid "$@" >>"$folder/log" 2>&1 &
echo $!
read -r word
kill -KILL -$! 2>/dev/null
wait
[ "$word" = keep ] && exit
for attempt in 1 2 3 4 5; do
  rm -rf "$folder" && exit
  sleep 0.2
done
"""
END_SECONDS = 10.0  # a process ends within milliseconds of SIGKILL: longer means a bug


class ServerProcess:
    """A process that runs in a folder of its own. ``command`` and ``environment`` are computed from the folder."""

    def __init__(
        self,
        name: str,
        command: Callable[[Path], Sequence[str]],
        environment: Callable[[Path], Mapping[str, str]] = lambda _: MappingProxyType({}),
    ) -> None:
        self.folder = temporary_folder(name)
        self._command = command(self.folder)
        self._environment = {**os.environ, **environment(self.folder)}
        self._watchdog: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, also after ``kill``: its folder is as it was."""
        watchdog = subprocess.Popen(
            ["/bin/sh", "-c", WATCHDOG, "watchdog", str(self.folder), *self._command],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the test run alone
        )
        assert watchdog.stdout
        self._watchdog, self.pid = watchdog, int(watchdog.stdout.readline())

    def ends_within(self, seconds: float) -> bool:
        """True as soon as it has ended; False if it still runs after this time."""
        # The watchdog reaps it last of all, so its id cannot belong to another process yet.
        with ProcessHandle(self.pid) as process:
            return process.ends_within(seconds)

    def log_tail(self) -> str:
        """The last lines that it has printed."""
        log = self.folder / "log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return "\n".join(text.splitlines()[-TAIL_LINES:]) or "(nothing)"

    def kill(self) -> None:
        """Kill it and keep its folder; return once it is dead."""
        self._end("keep\n")

    def close(self) -> None:
        """Kill it and remove its folder."""
        self._end("")
        shutil.rmtree(
            self.folder, ignore_errors=True
        )  # the watchdog keeps it if ``kill`` came before

    def _end(self, word: str) -> None:
        if watchdog := self._watchdog:
            self._watchdog = None
            with contextlib.suppress(BrokenPipeError):
                watchdog.communicate(word, timeout=END_SECONDS)
