"""Many pages at once, and many runs one after another: what the tests of chapter 22 have in common."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from callback_conformance.control import violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage
from callback_conformance.scenario import Button, Field, Text, background, give

ANSWER_SECONDS = 60.0  # as long as a proxy waits for a server by default
LONGEST_SECONDS = 3600.0  # a page gives up earlier: when none has got anything for a while


def opened(open_page: OpenPage) -> Page:
    """A page whose job returns what stands in its field."""
    return open_page(
        Button("run"),
        Field("name"),
        Text("out", "before"),
        background(
            output="out.children",
            # By name: Dash Labs takes no lists.
            inputs={"clicks": "run.n_clicks"},
            state={"name": "name.value"},
            job=give("{name}"),
        ),
    )


class Crowd:
    """Pages that trigger in one moment, each with its user's word, and wait for their results. Each has a thread, so
    that their requests are under way together."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self._moment = Barrier(len(pages))
        #: The monotonic time at which the server last gave one of them what it waited for.
        self._latest = 0.0

    def trigger(self) -> None:
        """Return once each shows its result, or none has got anything for so long as a fact is awaited."""
        self._pages[0].server.let_jobs_move()
        for page in self._pages:
            page.network.be_patient(ANSWER_SECONDS)
            page.set("name.value", page.user)
        with ThreadPoolExecutor(len(self._pages)) as threads:
            list(threads.map(self._run, self._pages))

    def without_result(self) -> list[Page]:
        """The pages that do not show the word of their user."""
        return [page for page in self._pages if not shows_own_result(page)]

    def _run(self, page: Page) -> None:
        self._moment.wait()
        page.click("run")
        self._latest = time.monotonic()
        page.wait_until(lambda: shows_own_result(page) or self._has_stalled(), LONGEST_SECONDS)
        if shows_own_result(page):
            self._latest = time.monotonic()

    def _has_stalled(self) -> bool:
        return time.monotonic() > self._latest + violation.WAIT_SECONDS


def shows_own_result(page: Page) -> bool:
    """Whether a page shows the word of its user."""
    return bool(page.get("out.children") == page.user)


def run_one_after_another(page: Page, count: int) -> None:
    """Trigger so often, each time when the last result is shown."""
    for number in range(count):
        word = f"{page.user}-{number}"
        page.set("name.value", word)
        page.click("run")
        page.next_job().wait_for_end()
        page.fence()  # what waits on the server for the next request comes now
        page.expect_value("out.children", word)
