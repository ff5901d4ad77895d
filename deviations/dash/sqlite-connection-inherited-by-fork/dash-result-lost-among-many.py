"""Dash: a job that is started while another thread of the server writes never stores its result."""

import time

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.busy_cache import another_thread_writes
from deviations.common.dash_page import Callback, callback_of
from deviations.common.outcome import Undecided, conclude

SECONDS = 10.0


def program(folder: str, caches: list[diskcache.Cache]) -> Dash:
    caches.append(diskcache.Cache(folder))
    app = Dash(background_callback_manager=DiskcacheManager(caches[0]))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> int:
        return n_clicks

    return app


def has_result(callback: Callback, handles: dict[str, str]) -> bool:
    """Poll until the result is there, or for ten seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if "response" in (callback.poll(handles).json or {}):
            return True
        time.sleep(0.05)
    return False


def deviates() -> bool:
    caches: list[diskcache.Cache] = []
    with callback_of(program, caches) as callback:
        if not has_result(callback, callback.start(1)):
            raise Undecided("a job that was started alone has no result")
        with another_thread_writes(caches[0]):
            handles = callback.start(2)
        seen = has_result(callback, handles)
    print("expected: both jobs have their result within 10 s of their start")
    print(
        f"seen: the job that was started while another thread wrote has {'its' if seen else 'no'} result"
    )
    return not seen


if __name__ == "__main__":
    conclude(deviates)
