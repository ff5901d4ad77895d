"""Dash: each job leaves two open file descriptors behind."""

import os
import time

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, callback_of
from deviations.common.outcome import Undecided, conclude

JOBS = 20
DESCRIPTORS = "/proc/self/fd"


def program(folder: str) -> Dash:
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> int:
        return n_clicks

    return app


def run_job(callback: Callback, number: int) -> None:
    """Trigger a job, and poll until its result is there."""
    handles = callback.start(number)
    deadline = time.monotonic() + 10
    while "response" not in (callback.poll(handles).json or {}):
        if time.monotonic() > deadline:
            raise Undecided("a job had no result within 10 s")
        time.sleep(0.01)


def deviates() -> bool:
    if not os.path.isdir(DESCRIPTORS):
        raise Undecided("this system does not list the descriptors of a process")
    with callback_of(program) as callback:
        run_job(callback, 0)  # what is opened once is opened by the first job
        before = len(os.listdir(DESCRIPTORS))
        for number in range(1, JOBS + 1):
            run_job(callback, number)
        left = len(os.listdir(DESCRIPTORS)) - before
    print(f"expected: {JOBS} jobs whose results were shown leave no descriptor open")
    print(f"seen: they leave {left}; a process may usually have 1024, then it can open nothing")
    return left >= JOBS


if __name__ == "__main__":
    conclude(deviates)
