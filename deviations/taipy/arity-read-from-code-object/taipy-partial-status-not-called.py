"""Taipy: a functools.partial is never called as a status function."""

import functools

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[bool] = []


def heavy() -> str:
    return "the result"


def heavy_status(title: str, state: State, status: bool) -> None:
    statuses.append(status)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], functools.partial(heavy_status, "My job"))


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the status True")
    print(f"seen: {statuses} when the job's thread has ended")
    return statuses != [True]
