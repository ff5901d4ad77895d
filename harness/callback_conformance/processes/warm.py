"""The harness's side of a fork server: one warm process for each environment."""

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
    """A warm process has ended or cannot be used; the message says why."""


@dataclass(frozen=True)
class Command:
    """What a forked process runs: the Python file that ``argv`` begins with, unless a module or an executable is
    named."""

    #: The words as its user types them.
    argv: Sequence[str]
    #: The working directory.
    folder: Path
    #: The file that takes what it prints.
    log: Path
    environment: dict[str, str]
    #: The module to run instead of a file.
    module: str = ""
    #: True if ``argv`` begins with an executable, beside the interpreter or on the PATH.
    executed: bool = False


class WarmProcess:
    """The fork server of one interpreter. ``close`` ends everything that it has forked.

    Modules in the folder ``modules`` can be imported, too."""

    def __init__(self, python: str, modules: Path | None = None) -> None:
        self.python = python
        variables = {
            "PYTHONUNBUFFERED": "1",  # an app's log is complete when it is killed
            "OPENBLAS_NUM_THREADS": "1",  # otherwise the import of numpy starts threads
        }
        if modules:
            searched = [str(modules), *filter(None, [os.environ.get("PYTHONPATH")])]
            variables["PYTHONPATH"] = os.pathsep.join(searched)
        self._process = subprocess.Popen(
            [python, str(INAPP / "forkserver.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **variables},
            text=True,
            start_new_session=True,  # Ctrl-C reaches the test run alone, which then ends its processes
        )

    def warm(self, modules: Iterable[str]) -> None:
        """Import ``modules`` once, for all later forks."""
        threads = self._request(verb="import", names=list(modules))["threads"]
        if threads != 1:
            raise WarmProcessFailed(
                f"{self.python}: importing the framework left {threads} threads running, and a "
                "process with threads cannot be forked safely. Find the module that starts them, "
                "and set the variable that prevents it (such as OPENBLAS_NUM_THREADS=1) in WarmProcess."
            )

    def fork(self, command: Command) -> int:
        """Fork an app and return its process id."""
        return int(
            self._request(
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
        """Kill the session of the app ``pid``; return the wait status of the app once none of its processes is left."""
        status = self._request(verb="end", pid=pid)["status"]
        return None if status is None else int(status)

    def close(self) -> None:
        """End the warm process and every app that it has forked."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it has died before it read everything
                self._process.stdin.close()
        self._process.wait(10)  # it only kills and reaps, so seconds would mean a bug
        if self._process.stdout:
            self._process.stdout.close()

    def _request(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (BrokenPipeError, ValueError):  # ValueError: the pipe is closed
            line = ""
        if not line:
            raise WarmProcessFailed(f"The warm process of {self.python} has ended unexpectedly.")
        answer: dict[str, Any] = json.loads(line)
        return answer
