"""What one test runs: its timeline, its apps, their services and workers, and its pages."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.service import is_silent
from callback_conformance.backends.services import Service, Services
from callback_conformance.backends.stores import FolderStore, ServiceStore, Store
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page import DidNotLoad, Page, Tab
from callback_conformance.processes import App, AppEnded, WarmProcess, WorkerProcess
from callback_conformance.processes.bystander import Bystander
from callback_conformance.processes.trouble import DATABASE_SHORTAGE, NotDecided, shortage
from callback_conformance.scenario import BadScenario, Scenario
from callback_conformance.session.app_host import AppHost


class Inexpressible(BadScenario):
    """The dialect has no form for a scenario; the message says what it lacks."""


class AppSession:
    """Opens pages of native apps for one test and leaves nothing behind."""

    def __init__(
        self,
        adapter: Adapter,
        dialect: str,
        backend: Backend,
        driver: str,
        warm: WarmProcess,
        services: Services | None = None,
    ) -> None:
        self.adapter = adapter
        self.dialect = dialect
        self.backend = backend
        self._open_tab = adapter.drivers[driver]
        self._warm = warm
        #: Where services are started; None for a backend that needs none.
        self._services = services
        #: The services of this test by name.
        self.services: dict[str, Service] = {}
        self.workers: list[WorkerProcess] = []
        self.timeline = Timeline()
        self.controller = JobController(self.timeline)
        self.apps: list[App] = []
        self.bystanders: list[Bystander] = []
        #: Whether the test may kill its services.
        self._owns_services = False
        #: Whether a test can make a store act as if it were full.
        self._can_fill = False
        self.pages: list[Page] = []

    def open(self, scenario: Scenario, login: str = "", own_services: bool = False) -> Page:
        """Render the scenario, start it, with its workers, and open it as its first user, who may be logged
        in. With ``own_services`` its services may be killed."""
        backend = self.backend.name
        self._owns_services |= own_services
        self._can_fill |= any(manager.can_fill for manager in scenario.managers)
        source = self._render(scenario)
        launch = self.adapter.launch(scenario, backend)
        variables = self._service_variables(own_services)
        app = App(self._warm, source, launch, self.controller.path, scenario.files, variables)
        self.apps.append(app)
        workers = self._start_workers(app, scenario)
        app.wait_until_listening()
        for worker in workers:
            worker.wait_until_ready()
        store = self._store(app, scenario)
        return AppHost(self, app, scenario, store, workers).another(login, None)

    def _render(self, scenario: Scenario) -> str:
        try:
            return self.adapter.render(scenario, self.dialect, self.backend.name)
        except BadScenario as error:
            raise Inexpressible(f"{self.dialect} has no form for it: {error}") from error

    def _store(self, app: App, scenario: Scenario) -> Store:
        if "redis" in self.services:
            return ServiceStore(self.services["redis"])
        return FolderStore(app.folder, [manager.name for manager in scenario.managers])

    def _service_variables(self, own: bool) -> dict[str, str]:
        """The environment variables in which an app finds its services; each service holds nothing at first."""
        variables = {}
        for variable, name in self.backend.services.items():
            if self._services is None:
                raise RuntimeError(
                    f"{self.backend.name} needs {name}; give the session its services"
                )
            if name not in self.services:
                self.services[name] = self._services.open(name, own)
            variables[variable] = self.services[name].url
        return variables

    def _start_workers(self, app: App, scenario: Scenario) -> list[WorkerProcess]:
        worker = self.backend.worker
        if worker is None:
            return []
        managers = [manager.name for manager in scenario.managers if not manager.embedded]
        workers = scenario.workers
        launcher = None if workers.typed else worker.launcher
        commands = dict.fromkeys(worker.command(name, workers.concurrency) for name in managers)
        processes = [
            WorkerProcess(
                self._warm, app.folder, words, app.environment, worker.ready, launcher, name
            )
            for number, words in enumerate(commands, start=1)
            for name in [f"worker-{number}-{n}" for n in range(1, workers.processes + 1)]
        ]
        self.workers += processes
        return processes

    def declaration_error(self, scenario: Scenario) -> str:
        """The text of the error that a program raises before it serves a page, or that its page shows as soon
        as it is loaded. Raises Violation for a program without an error."""
        try:
            page = self.open(scenario)
        except AppEnded as ended:
            return ended.last_error
        except DidNotLoad as error:
            return f"{error}\n{self.apps[-1].last_error()}"
        if not page.errors:
            raise Violation("the program was accepted: it serves a page that shows no error")
        return "\n".join(error.text for error in page.errors)

    def tab(self, url: str, name: str, earlier: Tab | None) -> Tab:
        """Open a tab of the page at ``url``."""
        try:
            return self._open_tab(url, self.timeline, self.controller, name, earlier)
        except OSError as error:  # what every way to a server raises when it is refused or too slow
            if cause := shortage(str(error)):
                raise NotDecided(f"the page of {name} was not opened: {cause}") from error
            reasons = self.apps[-1].errors() if self.apps else []  # of a server that ended
            message = "\n".join([f"the page of {name} did not load: {error}", *reasons])
            raise Violation(message.rstrip()) from error

    def trouble(self) -> str:
        """What failed beside the implementation while the test ran; "" if nothing shows."""
        causes = [self._warm.failure()]
        causes += [app.trouble() for app in self.apps]
        killed = {pid for app in self.apps for pid in app.killed}
        causes += [worker.trouble() for worker in self.workers if worker.pid not in killed]
        causes += [f"{name} does not answer" for name in self._silent_services()]
        if not self._can_fill:  # otherwise the test itself may have filled the store
            causes += [shortage(app.log_tail(), DATABASE_SHORTAGE) for app in self.apps]
        return next(filter(None, causes), "")

    def _silent_services(self) -> list[str]:
        """The services that nobody may kill, and that do not answer."""
        shared = {} if self._owns_services else self.services
        return [name for name, service in shared.items() if is_silent(service)]

    def logs(self, lines: int = 25) -> list[tuple[str, str]]:
        """The last lines that each app and worker printed, by what printed them; nothing of one that was silent."""
        logs = [("the app", app.log_tail(lines)) for app in self.apps]
        logs += [(worker.log.stem, worker.log_tail(lines)) for worker in self.workers]
        return [(name, text) for name, text in logs if text]

    def keep_programs(self, folder: Path) -> list[Path]:
        """Copy each app's program, and the probe it imports, to where its reader can run it; an app
        that is closed has none any more."""
        kept = []
        open_apps = [app for app in self.apps if app.folder.exists()]
        for number, app in enumerate(open_apps, start=1):
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
            for bystander in self.bystanders:
                everything.callback(bystander.close)
            for page in self.pages:
                everything.callback(page.close)
