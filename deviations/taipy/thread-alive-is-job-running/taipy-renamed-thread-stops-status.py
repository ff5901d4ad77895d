"""Taipy: the periodic status stops when the job names its thread."""

import threading

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[int] = []
status_seen = threading.Event()


def heavy() -> None:
    status_seen.wait(5)
    threading.current_thread().name = "importing sales.csv"  # for the log
    status_seen.clear()
    status_seen.wait(2)  # four periods


def heavy_status(state: State, status: int) -> None:
    statuses.append(status)
    status_seen.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 500)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: a status each 500 ms in the 2 s for which the renamed thread runs on")
    print(f"seen: {statuses}")
    return statuses == [0, True]
