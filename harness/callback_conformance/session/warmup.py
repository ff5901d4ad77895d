"""What an app imports until its first job runs is learned once, by running one."""

from __future__ import annotations

import json
import os
import select
import traceback
from collections.abc import Collection
from pathlib import Path

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.services import ServiceFailed, ServiceMissing, Services
from callback_conformance.inapp.forkserver import TELL
from callback_conformance.processes import WarmProcess, WarmProcessFailed
from callback_conformance.scenario import (
    Button,
    Scenario,
    Text,
    background,
    give,
    scenario,
    wait_at,
)
from callback_conformance.session.session import Trial

REHEARSED: Scenario = scenario(
    Button("run"),
    Text("out"),
    background(
        output="out.children", inputs="run.n_clicks", job=wait_at("gate") >> give("rehearsed")
    ),
)


class CannotRehearse(RuntimeError):
    """The simplest app of an implementation does not run; the message says how it failed."""


def rehearsed(
    implementation: Adapter,
    python: str,
    dialect: str,
    backend: Backend,
    services: Services | None = None,
    imported_late: Collection[str] = (),
) -> WarmProcess:
    """A warm process that has imported what one app and its job were seen to import, but for the packages
    that each app is to import by itself (``imported_late``).

    Raises CannotRehearse.
    """
    warm = WarmProcess(python, Path.cwd() if backend.third_party else None)
    try:
        seen = _seen_to_import(implementation, dialect, backend, services, warm)
        warm.warm([name for name in seen if name.partition(".")[0] not in imported_late])
    except Exception as error:
        warm.close()
        told = (AssertionError, WarmProcessFailed, ServiceMissing, ServiceFailed)
        ours = isinstance(error, told)  # it says all that is to be said
        said = str(error) if ours else traceback.format_exc()
        raise CannotRehearse(
            f"{implementation.name} cannot be judged: its simplest app does not run a job.\n{said}"
        ) from error
    return warm


def _seen_to_import(
    implementation: Adapter,
    dialect: str,
    backend: Backend,
    services: Services | None,
    warm: WarmProcess,
) -> list[str]:
    trial = Trial(implementation, dialect, backend, "wire", warm, services)
    try:
        page = trial.open(REHEARSED)
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        app = trial.apps[0]
        asked = dict.fromkeys([app.pid, *(one.pid for one in trial.workers), job.pid])
        names = [name for pid in asked for name in _modules(app.folder, pid)]
        its_own = {
            file.stem for file in app.folder.glob("*.py")
        }  # and another's may be found by its name
    finally:
        trial.close()
    return [name for name in dict.fromkeys(names) if name.partition(".")[0] not in its_own]


def _modules(folder: Path, pid: int) -> list[str]:
    """Ask a process for what it has imported; a process may end before it has answered."""
    written = folder / f"modules-{pid}"
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return []
    try:
        os.kill(pid, TELL)
        while not written.exists():
            if select.select([pidfd], [], [], 0.002)[0]:
                return []
    finally:
        os.close(pidfd)
    names: list[str] = json.loads(written.read_text())
    return names
