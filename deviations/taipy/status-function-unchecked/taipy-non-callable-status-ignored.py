"""Taipy: a status function that cannot be called is ignored without an error."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

errors: list[Exception] = []


def heavy() -> str:
    return "the result"


def on_action(state: State) -> None:
    try:
        invoke_long_callback(state, heavy, [], "the result of a call")
    except Exception as error:
        errors.append(error)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: an exception from invoke_long_callback")
    print(f"seen: {errors} when the job's thread has ended")
    return not errors
