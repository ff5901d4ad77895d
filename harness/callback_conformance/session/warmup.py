"""The warm-up: what an app imports until its first job runs is learned once, by running one."""

from __future__ import annotations

import json
import os
import re
import select
import traceback
from collections.abc import Collection
from pathlib import Path

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.services import ServiceFailed, ServiceMissing, Services
from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.inapp.forkserver import REPORT_MODULES
from callback_conformance.processes import NotDecided, WarmProcess, user_cache
from callback_conformance.scenario import (
    Button,
    Scenario,
    Text,
    background,
    give,
    scenario,
    wait_at,
)
from callback_conformance.session.session import AppSession

#: What a server answers when it fails; its log has the traceback.
ERROR_PAGE = re.compile(r"<!doctype html>.*", re.DOTALL | re.IGNORECASE)
LOOK_SECONDS = 0.002  # between two looks for the report of a process
#: What to do where a job that has returned does not end.
HOOK = (
    "If the process or the thread in which it ran has gone on to wait for other jobs, it has to say when one is over: "
    "`import probe; probe.finished()`, there, after the job's result or failure is stored "
    '(docs/your-own-backend.md, "Workers that live on").'
)

WARM_UP_SCENARIO: Scenario = scenario(
    Button("run"),
    Text("out"),
    background(output="out.children", inputs="run.n_clicks", job=wait_at("gate") >> give("done")),
)


class WarmUpFailed(RuntimeError):
    """The simplest app of an implementation does not run; the message says how it failed."""


def warm_up(
    adapter: Adapter,
    python: str,
    dialect: str,
    backend: Backend,
    services: Services | None = None,
    cold: Collection[str] = (),
) -> WarmProcess:
    """A warm process that has imported what one app and its job were seen to import, but for the packages
    that are to stay ``cold``. Raises WarmUpFailed, and keeps the program that its message names."""
    warm = None
    try:
        warm = WarmProcess(python, Path.cwd() if backend.third_party else None)
        modules = _imported_modules(adapter, dialect, backend, services, warm)
        warm.warm([name for name in modules if name.partition(".")[0] not in cold])
    except Exception as error:
        if warm:
            warm.close()
        raise WarmUpFailed(
            f"{adapter.name} cannot be tested: its simplest app does not run a job.\n{_reason(error)}"
        ) from error
    return warm


def _reason(error: Exception) -> str:
    self_explanatory = (AssertionError, NotDecided, ServiceMissing, ServiceFailed)
    explains_itself = isinstance(error, self_explanatory)
    reason = str(error) if explains_itself else traceback.format_exc()
    notes = getattr(error, "__notes__", ())
    if notes:
        reason = ERROR_PAGE.sub("(an error page)", reason)
    return "\n".join([reason, *(note for note in notes if note not in reason)])


def _imported_modules(
    adapter: Adapter,
    dialect: str,
    backend: Backend,
    services: Services | None,
    warm: WarmProcess,
) -> list[str]:
    session = AppSession(adapter, dialect, backend, "wire", warm, services)
    try:
        page = session.open(WARM_UP_SCENARIO)
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        app = session.apps[0]
        pids = [app.pid]
        if backend.worker is None or backend.worker.launcher:  # others are no forks of ours
            pids += [*(worker.pid for worker in session.workers), job.pid]
        names = [name for pid in dict.fromkeys(pids) for name in _modules(app.folder, pid)]
        # The app's own modules: another app's may have the same name.
        own_modules = {file.stem for file in app.folder.glob("*.py")}
        _expect_end(job)
    except Exception as error:
        _explain(
            error, session, re.sub(r"[^\w.+-]", "-", f"{adapter.name}-{dialect}-{backend.name}")
        )
        raise
    finally:
        session.close()
    return [name for name in dict.fromkeys(names) if name.partition(".")[0] not in own_modules]


def _expect_end(job: JobRun) -> None:
    """Let the job return. No test can tell a job that is over from one that goes on, unless its end is seen."""
    job.release("gate")
    try:
        job.wait_for_end()
    except Violation as violation:
        raise Violation(
            f"{violation}, although its function has nothing more to do. {HOOK}"
        ) from violation


def _explain(error: Exception, session: AppSession, name: str) -> None:
    """Add to the error what the apps and workers printed, and where their programs are kept."""
    if cause := session.trouble():
        error.add_note(f"The cause may be no fault of its own: {cause}")
    for printer, printed in session.logs():
        if printed not in str(error):
            error.add_note(f"{printer} printed last:\n{printed}")
    try:
        for program in session.keep_programs(user_cache() / "simplest-apps" / name):
            error.add_note(f"native app (run it with the implementation's python): {program}")
    except OSError as unwritable:
        error.add_note(f"its program could not be kept: {unwritable}")


def _modules(folder: Path, pid: int) -> list[str]:
    """Ask a process for what it has imported; a process may end before it has answered."""
    report = folder / f"modules-{pid}"
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return []
    try:
        os.kill(pid, REPORT_MODULES)
        while not report.exists():
            if select.select([pidfd], [], [], LOOK_SECONDS)[0]:
                return []
    finally:
        os.close(pidfd)
    names: list[str] = json.loads(report.read_text())
    return names
