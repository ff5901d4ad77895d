"""Dash Labs: a job that is started while another thread of the server writes never stores its result."""

import time
from typing import Any

import dash_html_components as html
import dash_labs as dl
import diskcache

from deviations.common.busy_cache import another_thread_writes
from deviations.common.labs import labs_app, labs_page
from deviations.common.outcome import Undecided, conclude
from deviations.common.timer_page import TimerPage

SECONDS = 10.0


def program(folder: str, caches: list[diskcache.Cache]) -> Any:
    caches.append(diskcache.Cache(folder))
    app = labs_app(dl.plugins.DiskcacheCachingCallbackManager(caches[0]))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> int:
        return n_clicks

    return app


def has_result(page: TimerPage, clicks: int) -> bool:
    """Poll until the result is there, or for ten seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        page.tick()
        if page.values.get("out.children") == clicks:
            return True
        time.sleep(0.05)
    return False


def deviates() -> bool:
    caches: list[diskcache.Cache] = []
    with labs_page(program, caches) as page:
        page.change("run.n_clicks", 1)
        if not has_result(page, 1):
            raise Undecided("a job that was started alone has no result")
        with another_thread_writes(caches[0]):
            page.change("run.n_clicks", 2)
        seen = has_result(page, 2)
    print("expected: both jobs have their result within 10 s of their start")
    print(
        f"seen: the job that was started while another thread wrote has {'its' if seen else 'no'} result"
    )
    return not seen


if __name__ == "__main__":
    conclude(deviates)
