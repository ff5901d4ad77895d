"""Dash: a request stops a process that is no job."""

import subprocess
import sys

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import kill_jobs
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    waits = "import sys; print('began', flush=True); sys.stdin.read(); print('ended by itself')"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", waits]
    with callback_of(program) as callback, subprocess.Popen(command, **pipes) as process:
        if process.stdout.readline().strip() != "began":
            raise Undecided("the process did not start")
        callback.start(oldJob=str(process.pid))
        kill_jobs()  # a job has inherited the input of the process
        last_words, _ = process.communicate()  # the end of its input, which ends it
    print("expected: a process that is no job ends by itself")
    print(f"seen: it {last_words.strip() or 'was stopped'}")
    return not last_words
