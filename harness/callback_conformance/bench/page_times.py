"""How long one page of a quiet server waits for its answers, in seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from callback_conformance.adapters import BarePage, NoResult
from callback_conformance.bench.programs import RESULT_OF
from callback_conformance.page import Page

TIMES, POLLS = 10, 50
BEGUN_SECONDS = 0.3  # after which a job has begun
BETWEEN_POLLS_SECONDS = 0.01
RESULT_SECONDS = 60.0

#: Seconds by the name of what took them.
Times = dict[str, list[float]]


def polled(page: BarePage, used_seconds: Callable[[], float]) -> Times:
    """Those of a page that polls every 10 ms; ``used_seconds`` is the processor time of the app and its jobs so far."""
    used = used_seconds()
    runs = [_run(page, number) for number in range(1, TIMES + 1)]
    used_by_run = (used_seconds() - used) / TIMES
    _result_of(page, "repeat", 1)
    hits = [_seconds(partial(_result_of, page, "repeat", 1)) for _ in range(TIMES)]
    page.trigger("hold", RESULT_OF["hold"], 1)
    time.sleep(BEGUN_SECONDS)
    used = used_seconds()
    polls = [_seconds(page.poll) for _ in range(POLLS)]
    return {
        "first answer": [answered for answered, _ in runs],
        "result": [ended for _, ended in runs],
        "result: CPU": [used_by_run],
        "cache hit": hits,
        "poll": polls,
        "poll: CPU": [(used_seconds() - used) / POLLS],
    }


def _run(page: BarePage, number: int) -> tuple[float, float]:
    """The seconds from the trigger to the first answer, and to the result."""
    start = time.perf_counter()
    page.trigger("run", RESULT_OF["run"], number)
    answered = time.perf_counter() - start
    wait_for_result(page, number, BETWEEN_POLLS_SECONDS)
    return answered, time.perf_counter() - start


def _result_of(page: BarePage, button: str, number: int) -> None:
    page.trigger(button, RESULT_OF[button], number)
    wait_for_result(page, number, BETWEEN_POLLS_SECONDS)


def pushed(page: Page, used_seconds: Callable[[], float]) -> Times:
    """Those of a page to which its server pushes."""
    used = used_seconds()
    results = [result_seconds(page) for _ in range(TIMES)]
    return {"result": results, "result: CPU": [(used_seconds() - used) / TIMES]}


def result_seconds(page: Page) -> float:
    """From a click on ``run`` until its page shows a result. Raises NoResult."""
    before = page.get("out.children")

    def click_until_shown() -> None:
        page.click("run")
        if not page.wait_until(lambda: page.get("out.children") != before, RESULT_SECONDS):
            raise NoResult("the page showed no result")

    return _seconds(click_until_shown)


def wait_for_result(page: BarePage, value: int, pause_seconds: float) -> None:
    """Poll until the page has this result. Raises NoResult for another, and after a minute."""
    deadline = time.monotonic() + RESULT_SECONDS
    while (result := page.poll()) is None:
        if time.monotonic() > deadline:
            raise NoResult("the page still polls after a minute")
        time.sleep(pause_seconds)
    if result != value:
        raise NoResult(f"the page shows {result!r} in the place of {value!r}")


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
