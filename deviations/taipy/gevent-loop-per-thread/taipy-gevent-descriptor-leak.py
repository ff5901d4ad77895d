"""Taipy: each job leaves two open file descriptors behind, in the default mode."""

import os

from taipy.gui import Gui, State, invoke_long_callback, notify

from deviations.common.outcome import Undecided
from deviations.common.taipy_page import TaipyPage, serve

JOBS = 20
DESCRIPTORS = "/proc/self/fd"


def heavy() -> None:
    """Be over at once."""


def heavy_status(state: State, status: bool) -> None:
    notify(state, "success", "Your job has ended")


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    if not os.path.isdir(DESCRIPTORS):
        raise Undecided("this system does not list the descriptors of a process")
    serve(gui, async_mode="gevent")
    page = TaipyPage(gui)
    page.run_job()  # what is opened once is opened by the first job
    before = len(os.listdir(DESCRIPTORS))
    for _ in range(JOBS):
        page.run_job()
    left = len(os.listdir(DESCRIPTORS)) - before
    print(f"expected: {JOBS} jobs that have ended leave no descriptor open")
    print(f"seen: they leave {left}; a process may usually have 1024, then it is aborted")
    return left >= JOBS
