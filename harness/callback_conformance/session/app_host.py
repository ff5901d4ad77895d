"""One app and what belongs to it, as the app's pages know it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callback_conformance.backends.service import Service
from callback_conformance.backends.stores import Store
from callback_conformance.page import Page, Tab
from callback_conformance.processes import App, WorkerProcess
from callback_conformance.processes.bystander import Bystander
from callback_conformance.scenario import Scenario

if TYPE_CHECKING:
    from callback_conformance.session.session import AppSession


class AppHost:
    """One app of a session, as its pages know it."""

    def __init__(
        self,
        session: AppSession,
        app: App,
        scenario: Scenario,
        store: Store,
        workers: Sequence[WorkerProcess],
    ) -> None:
        self._session = session
        self._app = app
        self._scenario = scenario
        self._store = store
        self._workers = workers
        #: The login of each page's user; empty for one who is not logged in.
        self._logins: dict[Page, str] = {}

    @property
    def folder(self) -> Path:
        return self._app.folder

    def has(self, component: str) -> bool:
        components = (*self._scenario.components, *self._scenario.generated)
        return any(component == declared.id for declared in components)

    def another(self, login: str, earlier: Tab | None) -> Page:
        session = self._session
        name = f"page-{len(session.pages) + 1}"
        tab = session.tab(self._url(login), name, earlier)
        page = Page(tab, session.timeline, session.controller, self, name, login)
        session.pages.append(page)
        self._logins[page] = login
        return page

    def open_tab(self, name: str, login: str, earlier: Tab) -> Tab:
        return self._session.tab(self._url(login), name, earlier)

    def restart(self) -> None:
        self._app.restart()

    def stop_server(self) -> None:
        for page in self._logins:
            page.network.disconnect()
        self._app.kill_server({job.pid for job in self._session.controller.jobs if job.process})

    def start_server(self, at_its_port: bool) -> None:
        self._app.start_again(at_its_port)
        for page, login in self._logins.items():
            page.network.reconnect(self._url(login))

    def processes(self) -> set[int]:
        return self._app.processes()

    def kill_process(self, pid: int) -> None:
        self._app.kill_process(pid)

    def printed(self) -> str:
        return "\n".join([self._app.printed(), *(worker.printed() for worker in self._workers)])

    def files_open_to_others(self) -> list[str]:
        return self._app.files_open_to_others()

    def bystander(self, number: int) -> Bystander:
        bystander = Bystander(number)
        self._session.bystanders.append(bystander)
        return bystander

    @property
    def store(self) -> Store:
        return self._store

    @property
    def queue(self) -> Service:
        services = self._session.services
        return services["rabbitmq"] if "rabbitmq" in services else services["redis"]

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
