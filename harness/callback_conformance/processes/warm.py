"""The harness's end of a fork server: one warm process for each environment."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INAPP = Path(__file__).parents[1] / "inapp"


class WarmProcessFailed(RuntimeError):
    """A warm process ended or cannot be used; the message says what it printed."""


@dataclass(frozen=True)
class Command:
    """What a fork becomes: ``argv`` as its user types it, a file, or a module given by ``module``, or, if
    it is ``executed``, a program that is found beside the interpreter, or on the PATH."""

    argv: Sequence[str]
    folder: Path
    log: Path
    environment: dict[str, str]
    module: str = ""
    executed: bool = False


class WarmProcess:
    """Starts an interpreter's fork server and speaks to it; ``close`` ends all that it forked. Modules are
    also found in the folder ``modules``."""

    def __init__(self, python: str, modules: Path | None = None) -> None:
        self.python = python
        quiet = {
            "PYTHONUNBUFFERED": "1",  # an app's log is complete when it is killed
            "OPENBLAS_NUM_THREADS": "1",  # numpy's import starts threads otherwise
        }
        if modules:
            searched = [str(modules), *filter(None, [os.environ.get("PYTHONPATH")])]
            quiet["PYTHONPATH"] = os.pathsep.join(searched)
        self._process = subprocess.Popen(
            [python, str(INAPP / "forkserver.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **quiet},
            text=True,
            start_new_session=True,  # Ctrl-C is for the test run, which then ends its processes
        )

    def warm(self, modules: Iterable[str]) -> None:
        """Import ``modules`` once, for all later forks."""
        threads = self._ask(verb="import", names=list(modules))["threads"]
        if threads != 1:
            raise WarmProcessFailed(
                f"{self.python}: importing the framework left {threads} threads running, and a "
                "process with threads cannot be forked safely. Find the module that starts them "
                "and set what it reads (OPENBLAS_NUM_THREADS=1, say) in WarmProcess."
            )

    def fork(self, command: Command) -> int:
        """Fork an app and return its process id."""
        return int(
            self._ask(
                verb="fork",
                argv=list(command.argv),
                module=command.module,
                executed=command.executed,
                folder=str(command.folder),
                log=str(command.log),
                environment=command.environment,
            )["pid"]
        )

    def end(self, pid: int) -> int | None:
        """Kill the session of the app ``pid``; return its wait status once none of it is left."""
        status = self._ask(verb="end", pid=pid)["status"]
        return None if status is None else int(status)

    def close(self) -> None:
        """End the warm process and every app it forked."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it has died, and was not heard to the end
                self._process.stdin.close()
        self._process.wait(10)  # it only kills and reaps: seconds would mean a bug
        if self._process.stdout:
            self._process.stdout.close()

    def _ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (BrokenPipeError, ValueError):  # ValueError: it was closed
            line = ""
        if not line:
            raise WarmProcessFailed(f"The warm process of {self.python} has ended unexpectedly.")
        answer: dict[str, Any] = json.loads(line)
        return answer
