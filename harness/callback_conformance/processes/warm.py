"""The harness's side of a fork server: one warm process for each environment."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callback_conformance.processes.temporary import MARK, kill_marked, run_mark
from callback_conformance.processes.trouble import NotDecided

INAPP = Path(__file__).parents[1] / "inapp"
#: What frameworks read from the environment: the harness alone sets it, whatever its user has set for other programs.
FRAMEWORK_VARIABLES = ("HOST", "PORT")
FRAMEWORK_PREFIXES = ("DASH_", "FLASK_", "TAIPY_", "CELERY_", "GUNICORN_")
WARM_VARIABLES = {
    "PYTHONUNBUFFERED": "1",  # an app's log is complete when it is killed
    "OPENBLAS_NUM_THREADS": "1",  # otherwise the import of numpy starts threads
}
STDERR = 2


class WarmProcessFailed(NotDecided):
    """A warm process has ended or cannot be used; the message says why."""


def app_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the user's environment reaches an app and its workers."""
    return {
        name: value
        for name, value in environment.items()
        if name not in FRAMEWORK_VARIABLES and not name.startswith(FRAMEWORK_PREFIXES)
    }


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

    Modules in the folder ``modules`` can be imported, too. When the fork server dies, what it has forked ends, the
    request that notices it raises WarmProcessFailed, and the next request starts it again."""

    _numbers = itertools.count(1)

    def __init__(self, python: str, modules: Path | None = None) -> None:
        self.python = python
        self._variables = dict(WARM_VARIABLES)
        if modules:
            searched = [str(modules), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._variables["PYTHONPATH"] = os.pathsep.join(searched)
        #: What it has imported for all forks.
        self._imported: list[str] = []
        #: The sessions that it has forked and that were not ended.
        self._sessions: set[int] = set()
        self._is_closed = False
        self._start()

    def _start(self) -> None:
        self._mark = f"{run_mark()}{next(self._numbers)}."
        answers, answer_descriptor = os.pipe()
        try:
            self._process: subprocess.Popen[str] | None = subprocess.Popen(
                [self.python, str(INAPP / "forkserver.py"), str(answer_descriptor)],
                stdin=subprocess.PIPE,
                stdout=STDERR,
                env={**app_variables(os.environ), **self._variables, MARK: self._mark},
                text=True,
                pass_fds=[answer_descriptor],
                start_new_session=True,  # Ctrl-C reaches the test run alone, which then ends its processes
            )
        except OSError as error:
            os.close(answers)
            raise WarmProcessFailed(f"{self.python} cannot be started: {error}") from error
        finally:
            os.close(answer_descriptor)
        self._answers = os.fdopen(answers)

    @property
    def pid(self) -> int:
        """The process id of the fork server. Raises WarmProcessFailed once it has ended."""
        if self._process is None:
            raise WarmProcessFailed(self._ended())
        return self._process.pid

    def failure(self) -> str:
        """Why what it has forked is no longer to be relied on; "" while it runs."""
        process = self._process
        return "" if process and process.poll() is None else self._ended()

    def warm(self, modules: Iterable[str]) -> None:
        """Import ``modules`` once, for all later forks."""
        self._imported = list(modules)
        threads = self._request(verb="import", names=self._imported)["threads"]
        if threads != 1:
            raise WarmProcessFailed(
                f"{self.python}: importing the framework left {threads} threads running, and a "
                "process with threads cannot be forked safely. Find the module that starts them, "
                "and set the variable that prevents it (such as OPENBLAS_NUM_THREADS=1) in WarmProcess."
            )

    def fork(self, command: Command) -> int:
        """Fork an app, and return its process id once its program has begun. Raises NotDecided if it has not."""
        answer = self._request(
            verb="fork",
            argv=list(command.argv),
            module=command.module,
            executed=command.executed,
            folder=str(command.folder),
            log=str(command.log),
            environment=command.environment,
        )
        if "failure" in answer:
            words = " ".join(command.argv)
            raise NotDecided(f"`{words}` could not be started: {answer['failure']}")
        self._sessions.add(answer["pid"])
        return int(answer["pid"])

    def end(self, pid: int) -> int | None:
        """Kill the session of the app ``pid``; return the wait status of the app once none of its processes is left."""
        if pid not in self._sessions and not self._is_closed:
            return None  # it was ended before
        status = self._request(verb="end", pid=pid)["status"]
        self._sessions.discard(pid)
        return None if status is None else int(status)

    def write_failure(self, folder: Path) -> str:
        """Why what it forks cannot write into ``folder``; "" if it can, or if the folder is gone."""
        if not folder.exists():
            return ""
        try:
            return str(self._request(verb="write", folder=str(folder))["failure"])
        except WarmProcessFailed as error:
            return str(error)

    def close(self) -> None:
        """End the warm process and every app that it has forked."""
        self._is_closed = True
        if self._process:
            self._end_process(self._process)

    def _request(self, **request: Any) -> dict[str, Any]:
        if self._process is None and not self._is_closed:
            self._start()
            self.warm(self._imported)
        process = self._process
        line = self._exchange(process, request) if process else ""
        if not line:
            message = self._ended()
            if process:
                self._end_process(process)
            raise WarmProcessFailed(message)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _exchange(self, process: subprocess.Popen[str], request: dict[str, Any]) -> str:
        assert process.stdin
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return self._answers.readline()
        except BrokenPipeError:
            return ""
        except BaseException:  # an interrupt: the next request must not read this one's answer
            process.kill()
            raise

    def _end_process(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        with contextlib.suppress(BrokenPipeError):  # it has died before it read everything
            process.stdin.close()
        process.wait(10)  # it only kills and reaps, so seconds would mean a bug
        self._answers.close()
        self._process = None
        self._sessions.clear()
        if process.returncode:
            kill_marked(self._mark)  # it was killed, and so has not killed its apps

    def _ended(self) -> str:
        return f"The warm process of {self.python} has ended unexpectedly."
