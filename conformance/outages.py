"""What chapter 19 shares: a program on two server processes of which one is kept busy, and the end of an
outage as a page shows it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from callback_conformance.control.breakpoint import Breakpoint
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage
from callback_conformance.scenario import (
    Background,
    Button,
    Component,
    Field,
    Gunicorn,
    Manager,
    ProgressBar,
    Text,
    announce,
    arg,
    background,
    give,
    ordinary,
    python,
    wait_at,
)

SECONDS = 60.0  # in which chapter 19 has each outage come to an end
NAME, RUN, CANCEL, OUT = Field("name"), Button("run"), Button("cancel"), Text("out", "before")
BAR, NOTE = ProgressBar("bar"), Text("note", "idle")
RETURNS_WORD = wait_at("gate") >> announce("returns") >> give(arg("word"))
#: Goes on by itself behind the gate: no test waits for its end, since a worker that was started by hand reports none.
BY_ITSELF = wait_at("gate") >> python('probe.detach("returns")') >> give(arg("word"))
BUSY = ordinary(
    output="echo.children",
    inputs="ping.n_clicks",
    job=announce("blocks") >> wait_at("blocked") >> give("answered"),
    name="keep_busy",
)
MAY_FILL = (Manager("manager", can_fill=True),)


def returning_word(**more: Any) -> Background:
    """The callback of the button ``run``, whose job returns the word that the test gives it."""
    options = {"output": "out.children", "inputs": "run.n_clicks", "job": RETURNS_WORD, **more}
    return background(**options)


class TwoServers:
    """Two server processes with one thread each; the test keeps one of them busy."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._blocked: Breakpoint = page.server.hold("blocked")
        self._pings: list[threading.Thread] = []
        self._keep_one_busy()

    @property
    def busy(self) -> str:
        """The process that was kept busy last."""
        return self.page.events.named("blocks")[-1].source

    def change_over(self) -> None:
        """Keep the process busy that has answered so far; the other answers from now on."""
        self._keep_one_busy()
        self._blocked.release_first()

    def close(self) -> None:
        """Keep none busy any more."""
        self._blocked.release()
        for thread in self._pings:
            thread.join()

    def _keep_one_busy(self) -> None:
        user = self.page.another_user()
        self._pings.append(user.network.in_flight(lambda: user.click("ping")))
        self._blocked.wait_for_hits(min(2, len(self._pings)))


@contextlib.contextmanager
def two_servers(open_page: OpenPage, *parts: Component | Background) -> Iterator[TwoServers]:
    """A page of a program on two server processes of which one answers."""
    page = open_page(*parts, Button("ping"), Text("echo"), BUSY, server=Gunicorn(workers=2))
    servers = TwoServers(page)
    try:
        yield servers
    finally:
        servers.close()


def comes_to_an_end(page: Page, word: str, prop: str = "out.children") -> None:
    """Within the time that chapter 19 allows, the page shows a failure or this result."""
    page.settle(SECONDS)
    if not page.errors:
        page.expect_value(prop, word)
