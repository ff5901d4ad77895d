"""Dash before 2.18: with Celery, `no_update` for an output that has a name is sent to the page as a dictionary."""

from typing import Any

from celery.contrib.testing.worker import start_worker
from dash import CeleryManager, Dash, Input, Output, html, no_update

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.dash_page import Page, dependency, request_body

celery_app = celery_in_memory()
tasks = TaskWatch()


def program() -> Any:
    """Return an app whose job updates one of its two outputs."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out"), html.Div(id="other")])

    @app.callback(
        output={"here": Output("out", "children"), "there": Output("other", "children")},
        inputs={"clicks": Input("run", "n_clicks")},
        background=True,
    )
    def job(clicks: int) -> Any:
        return {"here": no_update, "there": "done"}

    return app


def ask(page: Page, **handles: str) -> Any:
    """Send a request for the callback as the renderer does: a trigger, or, with handles, a poll."""
    body = request_body("..out.children...other.children..", "run.n_clicks", 1)
    body["outputs"] = [dependency("out.children"), dependency("other.children")]
    return page.post(body, **handles).json


def deviates() -> bool:
    page = Page(program())
    with start_worker(celery_app, perform_ping_check=False):
        first = ask(page)
        tasks.wait_for_end()
        response = ask(page, cacheKey=first["cacheKey"], job=first["job"])["response"]
    print("expected: the page is sent a value for `other` alone")
    print(f"seen: {response}")
    return "out" in response
