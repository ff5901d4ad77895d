"""Dash Labs: with Celery, a page waits without end for a job whose worker was killed."""

import multiprocessing
import tempfile
import time
from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery import Celery
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.labs import labs_app
from deviations.common.timer_page import TimerPage
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
SECONDS = 5  # a worker that lives would have answered within a hundredth of one


def program(celery_app: Celery) -> Any:
    """Return an app whose job waits."""
    app = labs_app(CeleryCallbackManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.P("idle", id="note"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        running=[(dl.Output("note", "children"), "busy", "over")],
    )
    def job(n_clicks: int) -> None:
        gate.wait()

    return app


def celery_in_folder(folder: str) -> Celery:
    """Return a Celery app whose broker and results are files, which another process can read."""
    celery_app = Celery(__name__, broker="filesystem://", backend=f"file://{folder}")
    folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
    celery_app.conf.broker_transport_options = {**folders, "polling_interval": 0.01}
    return celery_app


def work(celery_app: Celery) -> None:
    """Be a worker."""
    alone = ("--without-mingle", "--without-gossip", "--without-heartbeat")
    celery_app.worker_main(["-q", "worker", "--pool", "solo", "--loglevel", "ERROR", *alone])


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        celery_app = celery_in_folder(folder)
        page = TimerPage(program(celery_app))
        worker = multiprocessing.get_context("fork").Process(target=work, args=(celery_app,))
        worker.start()
        try:
            page.change("run.n_clicks", 1)
            gate.arrivals.read(20)  # a worker starts slowly
        finally:
            worker.kill()
            worker.join()
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and page.values["note.children"] == "busy":
            page.tick()
    note = page.values["note.children"]
    print("expected: after the worker of the job was killed, note.children is over")
    print(f"seen: after {SECONDS} s of polls it is {note}")
    return note != "over"
