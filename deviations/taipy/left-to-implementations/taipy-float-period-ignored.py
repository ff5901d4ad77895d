"""Taipy: a period of 500.0 gives no periodic status."""

import threading

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[int] = []
period_passed = threading.Event()


def heavy() -> None:
    period_passed.wait(2)  # four periods


def heavy_status(state: State, status: int) -> None:
    statuses.append(status)
    if not isinstance(status, bool) and status > 0:
        period_passed.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 500.0)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: a status each 500 ms while the job runs for 2 s, or an exception")
    print(f"seen: {statuses}")
    return statuses == [True]
