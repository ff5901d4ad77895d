"""Dash: a cancel Input that two managers share reaches one of them only."""

from typing import Any

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, page_of
from deviations.common.jobs import is_alive, kill_jobs
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


class Pool(DiskcacheManager):
    """A manager that, as a job queue does, ends its own jobs only."""

    def __init__(self, folder: str) -> None:
        self.jobs: set[str] = set()
        super().__init__(diskcache.Cache(folder))

    def call_job_fn(self, *args: Any) -> Any:
        job = super().call_job_fn(*args)
        self.jobs.add(str(job))
        return job

    def terminate_job(self, job: Any) -> None:
        if str(job) in self.jobs:
            super().terminate_job(job)


def program(folder: str) -> Dash:
    """Return an app with two managers and one cancel button."""
    app = Dash()
    app.layout = html.Div([html.Button(id=button) for button in ("fast", "slow", "cancel")])

    def connect(side: str) -> None:
        @app.callback(
            Output(side, "title"),
            Input(side, "n_clicks"),
            background=True,
            manager=Pool(f"{folder}/{side}"),
            cancel=Input("cancel", "n_clicks"),
        )
        def job(n_clicks: int) -> None:
            gate.wait()

    connect("fast")
    connect("slow")
    return app


def survives_cancel(callback: Callback) -> bool:
    """Start a job, cancel it, and tell whether it is still alive after the answer."""
    handles = callback.start()
    callback.page.cancel(handles["job"])
    pid, _, _ = handles["job"].partition("~")
    (process,) = (job for job in multiprocess.active_children() if str(job.pid) == pid)
    alive = is_alive(process)
    kill_jobs()
    return alive


def deviates() -> bool:
    with page_of(program) as page:
        survivors = {
            side: survives_cancel(Callback(page, f"{side}.title", f"{side}.n_clicks"))
            for side in ("fast", "slow")
        }
    print("expected: the cancel button ends the job of either manager")
    for side, survived in survivors.items():
        print(f"seen: the job of the {side} manager is {'alive' if survived else 'dead'}")
    return any(survivors.values())
