"""All clients of a program: who they are, how long each is kept, and how many there may be."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from impl_taipy_style.calls import call_handler
from impl_taipy_style.client import Client, TooMany
from impl_taipy_style.state import State


@dataclass(frozen=True)
class Limits:
    """What clients may use; ``Gui.run`` says what each limit means."""

    retention_seconds: float  # 0: for as long as the server runs
    clients: int
    jobs: int  # of one client at once

    def __post_init__(self) -> None:
        if not self.retention_seconds >= 0:
            raise ValueError(
                f"state_retention_period is {self.retention_seconds!r}; expected seconds, 0 or more"
            )
        for name, limit in (("max_clients", self.clients), ("max_jobs", self.jobs)):
            if limit < 1:
                raise ValueError(f"{name} is {limit!r}; expected 1 or more")


class Clients:
    """All clients by their id. ``open`` makes a new one, and calls ``on_init(state)``.

    One that has been gone for too long is forgotten. A job that it started goes on, and what the
    job sends goes nowhere.
    """

    def __init__(self, module: Mapping[str, Any], shown: Collection[str], limits: Limits) -> None:
        self._module = module
        self._shown = shown
        self._limits = limits
        self._clients: dict[str, tuple[Client, threading.Event]] = {}
        self._lock = threading.Lock()

    def open(self, client_id: str) -> Client:
        """The client, after its ``on_init`` has returned, whichever request called it.

        Raises TooMany if it would be a new one, and as many have a page open as there may be.
        """
        with self._lock:
            self._forget()
            is_new = client_id not in self._clients
            if is_new:
                self._make_room()
                client = Client(self._module, self._shown, self._limits.jobs)
                self._clients[client_id] = client, threading.Event()
            client, ready = self._clients[client_id]
        if is_new:
            state = State(client)
            call_handler(state, "on_init", [state])
            ready.set()
        ready.wait()
        return client

    def _forget(self) -> None:
        if retention := self._limits.retention_seconds:
            kept = self._clients.items()
            self._clients = {k: v for k, v in kept if v[0].gone_for() < retention}

    def _make_room(self) -> None:
        """Forget the client that has been gone for longest, if there are as many as there may be."""
        if len(self._clients) < self._limits.clients:
            return
        longest = max(self._clients, key=lambda client_id: self._clients[client_id][0].gone_for())
        if not self._clients[longest][0].gone_for():
            raise TooMany(f"{self._limits.clients} users have a page open, and no more may")
        del self._clients[longest]
