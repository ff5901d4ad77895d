"""The app that a page belongs to, as the page knows it."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from callback_conformance.backends.service import Service
from callback_conformance.backends.stores import Store
from callback_conformance.page.tab import Tab
from callback_conformance.processes.bystander import Bystander

if TYPE_CHECKING:
    from callback_conformance.page.page import Page


class Host(Protocol):
    """The app that a page belongs to, and what happens to it from outside."""

    @property
    def folder(self) -> Path:
        """Where the app runs."""

    def has(self, component: str) -> bool:
        """Whether the program has a component of this name."""

    def another(self, login: str, earlier: Tab | None) -> Page:
        """Open a page: as a new user, or as the one who has (or had) the tab ``earlier``."""

    def open_tab(self, name: str, login: str, earlier: Tab) -> Tab:
        """Load the page ``name`` again."""

    def restart(self) -> None:
        """Stop the app and start it anew."""

    def stop_server(self) -> None:
        """Kill the server, and leave its jobs alone."""

    def start_server(self, at_its_port: bool) -> None:
        """Start the server again; the app's pages find it."""

    def processes(self) -> Set[int]:
        """The app's processes."""

    def kill_process(self, pid: int) -> None:
        """Kill one of the app's processes, and no other; return once it is dead."""

    def printed(self) -> str:
        """What the app and its workers have printed."""

    def files_open_to_others(self) -> list[str]:
        """What the app's processes have made, and other users of the machine can open."""

    def bystander(self, number: int) -> Bystander:
        """Start a process that is no job, perhaps with a process number of the test's choice."""

    @property
    def store(self) -> Store:
        """Where the backend keeps what jobs leave."""

    @property
    def queue(self) -> Service:
        """Where jobs wait for a worker."""

    def kill_workers(self) -> None:
        """Kill all workers, with all their processes."""

    def start_workers(self) -> None:
        """Start them again."""

    def worker_processes(self) -> Set[int]:
        """The processes of the workers."""
