"""Dash: the progress of an older run is shown while the newer one runs.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, html
    from flask import Response, request
    from playwright.sync_api import Page, TimeoutError, sync_playwright
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gates = {clicks: multiprocess.Pipe(duplex=False) for clicks in (1, 2)}
answered = threading.Event()


class SlowManager(DiskcacheManager):
    """A manager that answers the first start only after the second has been answered."""

    starts = 0

    def call_job_fn(self, *args: Any) -> Any:
        job = super().call_job_fn(*args)
        self.starts += 1
        if self.starts == 1:
            answered.wait(10)
        return job


def build(folder: str) -> Dash:
    """Return an app whose jobs report progress at their own gates, and wait there again."""
    app = Dash(background_callback_manager=SlowManager(diskcache.Cache(folder)))
    app.layout = html.Div(
        [html.Button("Run", id="run"), html.Div("new", id="step"), html.Div(id="out")]
    )

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        progress=Output("step", "children"),
        interval=100,
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        for _ in range(2):
            gates[n_clicks][0].recv()
            set_progress(f"step of run {n_clicks}")

    @app.server.after_request
    def note(response: Response) -> Response:
        inputs = (request.get_json(silent=True) or {}).get("inputs")
        if inputs and inputs[0].get("value") == 2:
            answered.set()
        return response

    return app


@contextmanager
def browse(app: Dash) -> Iterator[Page]:
    """Serve the app on a free port, and open it in the system's Chromium."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}")
        try:
            yield page
        finally:
            for process in multiprocess.active_children():
                process.kill()


def appears(page: Page, selector: str, milliseconds: int) -> bool:
    """Tell whether an element comes to match in the given time."""
    try:
        page.wait_for_selector(selector, timeout=milliseconds)
    except TimeoutError:
        return False
    return True


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, browse(build(folder)) as page:
        for _ in range(2):
            with page.expect_request("**/_dash-update-component*"):
                page.click("#run")
        gates[2][1].send("report")
        page.wait_for_selector("#step:text('step of run 2')")
        gates[1][1].send("report")
        older = appears(page, "#step:text('step of run 1')", 3000)  # 30 polls' time
    print("expected: the step is that of run 2, as it is the newer one and still runs")
    print(f"seen: the step is that of run {1 if older else 2}")
    return 1 if older else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
