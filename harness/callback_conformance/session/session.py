"""One test's run: its timeline, its apps and pages, and what must hold whatever the test is about."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.services import Service, Services
from callback_conformance.backends.stores import FolderStore, ServiceStore, Store
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page import DidNotLoad, Page, Tab
from callback_conformance.processes import App, AppEnded, WarmProcess, WorkerProcess
from callback_conformance.scenario import Scenario


class Trial:
    """Opens pages of native apps for one test and leaves nothing behind."""

    def __init__(
        self,
        implementation: Adapter,
        dialect: str,
        backend: Backend,
        driver: str,
        warm: WarmProcess,
        services: Services | None = None,
    ) -> None:
        self.implementation = implementation
        self.dialect = dialect
        self.backend = backend
        self._open = implementation.drivers[driver]
        self._warm = warm
        self._services = services
        self.services: dict[str, Service] = {}
        self.workers: list[WorkerProcess] = []
        self.timeline = Timeline()
        self.controller = JobController(self.timeline)
        self.apps: list[App] = []
        self.pages: list[Page] = []

    def open(self, scenario: Scenario, login: str = "", own_services: bool = False) -> Page:
        """Render the scenario, start it, with its workers, and open it as its first user, who may be logged
        in. With ``own_services`` its services may be killed."""
        backend = self.backend.name
        source = self.implementation.render(scenario, self.dialect, backend)
        launch = self.implementation.launch(scenario, backend)
        found = self._found_services(own_services)
        app = App(self._warm, source, launch, self.controller.path, scenario.files, found)
        self.apps.append(app)
        started = self._start_workers(app, scenario)
        app.wait_until_listening()
        for worker in started:
            worker.wait_until_ready()
        return _Host(self, app, self._store(app, scenario), started).another(login, None)

    def _store(self, app: App, scenario: Scenario) -> Store:
        if "redis" in self.services:
            return ServiceStore(self.services["redis"])
        return FolderStore(app.folder, [manager.name for manager in scenario.managers])

    def _found_services(self, own: bool) -> dict[str, str]:
        """The variables in which an app finds its services; each holds nothing at first."""
        found = {}
        for variable, name in self.backend.services.items():
            if self._services is None:
                raise RuntimeError(f"{self.backend.name} needs {name}; give the trial its services")
            if name not in self.services:
                self.services[name] = self._services.open(name, own)
            found[variable] = self.services[name].url
        return found

    def _start_workers(self, app: App, scenario: Scenario) -> list[WorkerProcess]:
        worker = self.backend.worker
        if worker is None:
            return []
        managers = [manager.name for manager in scenario.managers]
        asked = scenario.workers
        launcher = None if asked.typed else worker.launcher
        commands = dict.fromkeys(worker.command(name, asked.concurrency) for name in managers)
        started = [
            WorkerProcess(
                self._warm, app.folder, words, app.environment, worker.ready, launcher, name
            )
            for number, words in enumerate(commands, start=1)
            for name in [f"worker-{number}-{n}" for n in range(1, asked.processes + 1)]
        ]
        self.workers += started
        return started

    def refusal(self, scenario: Scenario) -> str:
        """The words with which a program is refused: it ends with an error before it serves a page, or its
        page tells of one as soon as it is loaded. Raise Violation for a program that is not refused."""
        try:
            page = self.open(scenario)
        except AppEnded as ended:
            return ended.last_error
        except DidNotLoad as untold:
            return f"{untold}\n{self.apps[-1].last_error()}"
        if not page.errors:
            raise Violation("the program was not refused: it serves a page that tells of no error")
        return "\n".join(error.text for error in page.errors)

    def tab(self, url: str, name: str, earlier: Tab | None) -> Tab:
        """Open a tab of the page at ``url``."""
        try:
            return self._open(url, self.timeline, self.controller, name, earlier)
        except OSError as error:  # what every way to a server raises when it is refused or too slow
            said = self.apps[-1].last_error() if self.apps else ""  # of a server that ended, why
            raise Violation(f"the page of {name} did not load: {error}\n{said}".rstrip()) from error

    def keep_programs(self, folder: Path) -> list[Path]:
        """Copy each app's program, and the probe it imports, to where its reader can run it; an app
        that is closed has none any more."""
        kept = []
        there = [app for app in self.apps if app.folder.exists()]
        for number, app in enumerate(there, start=1):
            place = folder if number == 1 else folder / str(number)
            place.mkdir(parents=True, exist_ok=True)
            for name in ("app.py", "probe.py", *app.files):
                shutil.copy(app.folder / name, place)
            kept.append(place / "app.py")
        return kept

    def close(self) -> None:
        """Close the pages and kill the apps."""
        with contextlib.ExitStack() as everything:  # each is closed, whatever another raises
            everything.callback(self.controller.close)
            for service in self.services.values():
                everything.callback(service.close)
            for app in self.apps:
                everything.callback(app.close)
            for worker in self.workers:
                everything.callback(worker.kill)
            for page in self.pages:
                everything.callback(page.close)


class _Host:
    """One app of a trial, as its pages know it."""

    def __init__(
        self, trial: Trial, app: App, store: Store, workers: Sequence[WorkerProcess]
    ) -> None:
        self._trial = trial
        self._app = app
        self._store = store
        self._workers = workers
        #: The login of each page's user; empty for one who is not logged in.
        self._logins: dict[Page, str] = {}

    @property
    def folder(self) -> Path:
        return self._app.folder

    def another(self, login: str, earlier: Tab | None) -> Page:
        trial = self._trial
        name = f"page-{len(trial.pages) + 1}"
        tab = trial.tab(self._url(login), name, earlier)
        page = Page(tab, trial.timeline, trial.controller, self, name, login)
        trial.pages.append(page)
        self._logins[page] = login
        return page

    def open_tab(self, name: str, login: str, earlier: Tab) -> Tab:
        return self._trial.tab(self._url(login), name, earlier)

    def restart(self) -> None:
        self._app.restart()

    def stop_server(self) -> None:
        for page in self._logins:
            page.network.disconnect()
        self._app.kill_server({job.pid for job in self._trial.controller.jobs if job.process})

    def start_server(self) -> None:
        self._app.start_again()
        for page, login in self._logins.items():
            page.network.reconnect(self._url(login))

    def processes(self) -> set[int]:
        return self._app.processes()

    def kill_process(self, pid: int) -> None:
        self._app.kill_process(pid)

    @property
    def store(self) -> Store:
        return self._store

    @property
    def queue(self) -> Service:
        there = self._trial.services
        return there["rabbitmq"] if "rabbitmq" in there else there["redis"]

    def kill_workers(self) -> None:
        for worker in self._workers:
            worker.kill()

    def start_workers(self) -> None:
        for worker in self._workers:
            worker.start()
        for worker in self._workers:
            worker.wait_until_ready()

    def worker_processes(self) -> set[int]:
        return {pid for worker in self._workers for pid in worker.processes()}

    def _url(self, login: str) -> str:
        """The app's address; a login stands in it as users write one, with any password."""
        return self._app.url.replace("://", f"://{login}:password@") if login else self._app.url
