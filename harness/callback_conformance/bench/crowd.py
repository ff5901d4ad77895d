"""Many pages that trigger at the same moment: how many results arrive in a second, and how many never."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from callback_conformance.adapters import BarePage, NoResult
from callback_conformance.bench.page_times import result_seconds, wait_for_result
from callback_conformance.bench.programs import RESULT_OF
from callback_conformance.page import Page

BETWEEN_POLLS_SECONDS = 0.1  # what the program asks for


def of_polled(pages: Sequence[BarePage]) -> tuple[float, int]:
    """Results in a second, and results lost, of pages that poll."""
    return _at_once([_act_of(page, number) for number, page in enumerate(pages, start=1)])


def of_pushed(pages: Sequence[Page]) -> tuple[float, int]:
    """The same of pages to which their server pushes."""
    return _at_once([lambda page=page: result_seconds(page) for page in pages])  # type: ignore[misc]


def _act_of(page: BarePage, number: int) -> Callable[[], object]:
    def act() -> None:
        page.trigger("run", RESULT_OF["run"], number)
        time.sleep(BETWEEN_POLLS_SECONDS)
        wait_for_result(page, number, BETWEEN_POLLS_SECONDS)

    return act


def _at_once(acts: Sequence[Callable[[], object]]) -> tuple[float, int]:
    ready = Barrier(len(acts) + 1)

    def arrives(act: Callable[[], object]) -> bool:
        ready.wait()
        try:
            act()
        except (NoResult, OSError):
            return False
        return True

    with ThreadPoolExecutor(len(acts)) as threads:
        waiting = [threads.submit(arrives, act) for act in acts]
        ready.wait()
        start = time.perf_counter()
        arrived = sum(future.result() for future in waiting)
        seconds = time.perf_counter() - start
    return arrived / seconds, len(acts) - arrived
