"""Taipy: a job that calls sys.exit() is never reported."""

import sys

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[bool] = []


def heavy() -> None:
    sys.exit("a library gave up")


def heavy_status(state: State, status: bool) -> None:
    statuses.append(status)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the status False")
    print(f"seen: {statuses} when the job's thread has ended")
    return statuses != [False]
