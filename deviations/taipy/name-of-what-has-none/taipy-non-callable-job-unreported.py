"""Taipy: a job that cannot be called is accepted, and its failure is not reported."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

reports: list[object] = []


def heavy_status(state: State, status: bool) -> None:
    reports.append(status)


def on_action(state: State) -> None:
    try:
        invoke_long_callback(state, "the result of a call", [], heavy_status)
    except Exception as error:
        reports.append(error)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: an exception from invoke_long_callback, or the status False")
    print(f"seen: {reports} when the job's thread has ended")
    return not reports
