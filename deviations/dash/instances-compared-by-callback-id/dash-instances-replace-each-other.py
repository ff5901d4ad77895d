"""Dash: a job of one instance of a callback with `MATCH` is killed when another instance starts one."""

import diskcache
from dash import MATCH, Dash, DiskcacheManager, Input, Output, State, html
from playwright.sync_api import Request

from deviations.common.browser import browse
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app with two rows of a button each, whose jobs have different arguments."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([])
    for index in (1, 2):
        button, out = {"type": "run", "index": index}, {"type": "out", "index": index}
        app.layout.children += [html.Button(id=button, className=f"run-{index}"), html.Div(id=out)]

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "run", "index": MATCH}, "n_clicks"),
        State({"type": "run", "index": MATCH}, "className"),
        background=True,
        prevent_initial_call=True,
        interval=100,
    )
    def job(n_clicks: int, name: str) -> None:
        gate.wait()

    return app


def starts_a_job(request: Request) -> bool:
    """Tell whether a request of the page starts a job: it is no poll."""
    return "_dash-update-component" in request.url and "cacheKey=" not in request.url


def deviates() -> bool:
    queries = []
    with browse(program) as page:
        for index in (1, 2):
            with page.expect_response("**/*cacheKey=*"):  # a poll: the page knows the job
                with page.expect_request(starts_a_job) as trigger:
                    page.click(f".run-{index}")
                queries.append(trigger.value.url.partition("?")[2])
            gate.reached()
    print("expected: the request that starts the job of the second row names no job to be ended")
    print(f"seen: {queries[1]!r}")
    return "oldJob=" in queries[1]
