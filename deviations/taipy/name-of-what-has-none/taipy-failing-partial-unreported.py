"""Taipy: a functools.partial that fails is never reported."""

import functools

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[bool] = []


def heavy(number: int) -> None:
    raise ValueError(f"cannot do {number}")


def heavy_status(state: State, status: bool) -> None:
    statuses.append(status)


def on_action(state: State) -> None:
    invoke_long_callback(state, functools.partial(heavy, 7), [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the status False")
    print(f"seen: {statuses} when the job's thread has ended")
    return statuses != [False]
