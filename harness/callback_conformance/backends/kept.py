"""A server's process and its folder, which end with the test run however that ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from callback_conformance.processes.life import Life

# A shell stands between us and the server. It reads from a pipe that only we write to: the system closes it
# when we end, be it by SIGKILL. Then it kills the server's whole session (a signal on its parent's death would
# reach one process and leave the folder). Each of the session holds pipe 3, which we read: when it is
# closed, all are dead. One that is not dead yet may still write, and keep the folder from being removed.
KEEPER = """\
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
DIES_SECONDS = 10.0  # what SIGKILL was sent to dies in milliseconds: this is a bug
TAIL_LINES = 20


class Kept:
    """A process that runs in a folder of its own, made for it; ``command`` is told the folder."""

    def __init__(
        self,
        name: str,
        command: Callable[[Path], Sequence[str]],
        environment: Callable[[Path], Mapping[str, str]] = lambda _: MappingProxyType({}),
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"conformance-{name}-"))
        self._command = command(self.folder)
        self._environment = {**os.environ, **environment(self.folder)}
        self._keeper: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, also after ``kill``: its folder is as it was."""
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", str(self.folder), *self._command],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the test run
        )
        assert keeper.stdout
        self._keeper, self.pid = keeper, int(keeper.stdout.readline())

    def over(self, pause_seconds: float) -> bool:
        """Wait so long for its end; True when it has ended."""
        with Life(
            self.pid
        ) as life:  # the keeper reaps it last of all, so the number is still its own
            return life.over(pause_seconds)

    def said(self) -> str:
        """The last lines that it has printed."""
        log = self.folder / "log"
        lines = (
            log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        )
        return "\n".join(lines[-TAIL_LINES:]) or "(nothing)"

    def kill(self) -> None:
        """Kill it and keep its folder; return once it is dead."""
        self._end("keep\n")

    def close(self) -> None:
        """Kill it and remove its folder."""
        self._end("")
        shutil.rmtree(self.folder, ignore_errors=True)  # it was killed before, so nobody removed it

    def _end(self, word: str) -> None:
        if keeper := self._keeper:
            self._keeper = None
            with contextlib.suppress(BrokenPipeError):
                keeper.communicate(word, timeout=DIES_SECONDS)
