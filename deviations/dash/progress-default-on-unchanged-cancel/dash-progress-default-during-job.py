"""Dash: an ordinary callback puts the progress back while the job runs."""

from typing import Any

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import browse
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app with an ordinary callback that has the cancel Input among its Inputs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    buttons = [html.Button(button, id=button) for button in ("run", "cancel", "look")]
    app.layout = html.Div([*buttons, *(html.Div(id=text) for text in ("step", "out", "note"))])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        cancel=Input("cancel", "n_clicks"),
        progress=Output("step", "children"),
        progress_default="not started",
        interval=100,
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        set_progress("half")
        gate.wait()

    @app.callback(
        Output("note", "children"),
        Input("look", "n_clicks"),
        Input("cancel", "n_clicks"),
        prevent_initial_call=True,
    )
    def look(looks: int, cancels: int | None) -> str:
        return f"{looks} looks, {cancels or 0} cancels"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.click("#run")
        page.wait_for_selector("#step:text('half')")
        page.click("#look")
        page.wait_for_selector("#note:text('1 looks, 0 cancels')")
        step, jobs = page.inner_text("#step"), len(multiprocess.active_children())
    print("expected: step is 'half', as the job is in progress and nobody has cancelled")
    print(f"seen: step is {step!r}, jobs that run: {jobs}")
    return step == "not started" and jobs > 0
