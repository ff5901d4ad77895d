"""Taipy: an `async def` status function is never run."""

import threading

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[bool] = []
has_run = threading.Event()


def heavy() -> str:
    return "the result"


async def heavy_status(state: State, status: bool) -> None:
    statuses.append(status)
    has_run.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    has_run.wait(2)  # newer releases run it in a thread of its own, long before this
    print("expected: the status True")
    print(f"seen: {statuses} when the job's thread has ended")
    return not statuses
