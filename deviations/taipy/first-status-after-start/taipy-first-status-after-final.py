"""Taipy: the first periodic status of an instant job follows the final one."""

import threading

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

statuses: list[int] = []
final_status_begun, periodic_status_seen = threading.Event(), threading.Event()


class Period(int):
    """A period that is compared only after the job has reported its end: a slow caller."""

    def __ge__(self, other: int) -> bool:
        final_status_begun.wait(5)
        return int(self) >= other


def heavy() -> None:
    """End at once."""


def heavy_status(state: State, status: int) -> None:
    statuses.append(status)
    if isinstance(status, bool):
        final_status_begun.set()
        periodic_status_seen.wait(1)
    else:
        periodic_status_seen.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], Period(500))


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: nothing follows the final True")
    print(f"seen: {statuses}")
    return statuses[-1] is not True
