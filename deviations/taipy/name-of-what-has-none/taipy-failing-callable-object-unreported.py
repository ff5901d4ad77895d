"""Taipy: a callable object that fails is never reported."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[bool] = []


class Heavy:
    def __call__(self) -> None:
        raise ValueError("cannot do it")


def heavy_status(state: State, status: bool) -> None:
    statuses.append(status)


def on_action(state: State) -> None:
    invoke_long_callback(state, Heavy(), [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the status False")
    print(f"seen: {statuses} when the job's thread has ended")
    return statuses != [False]
