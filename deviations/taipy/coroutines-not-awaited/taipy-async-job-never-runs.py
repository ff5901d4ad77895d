"""Taipy: an `async def` job is reported as a success and never runs."""

import inspect

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

events: list[object] = []


async def heavy() -> str:
    events.append("the job runs")
    return "the result"


def heavy_status(state: State, status: bool, result: object) -> None:
    events.append((status, type(result).__name__))
    if inspect.iscoroutine(result):
        result.close()  # or Python warns that it was never awaited


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the job runs before True is reported, or False is reported")
    print(f"seen: {events}")
    return events[0] == (True, "coroutine")
