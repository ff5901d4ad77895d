"""Dash: progress_default is not shown before the first run.

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
    from playwright.sync_api import Page, sync_playwright
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def build(folder: str) -> Dash:
    """Return an app with a progress_default and a callback that runs at page load."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    app.layout = html.Div(
        [html.Button("Run", id="run"), html.Div(id="step"), html.Div(id="out"), html.Div(id="note")]
    )

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        progress=Output("step", "children"),
        progress_default="not started",
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"

    @app.callback(Output("note", "children"), Input("run", "id"))
    def load(_: str) -> str:
        return "loaded"

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


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, browse(build(folder)) as page:
        page.wait_for_selector("#note:text('loaded')")  # the initial calls are over
        step = page.inner_text("#step")
    print("expected: step is 'not started', as no job is in progress")
    print(f"seen: step is {step!r}")
    return 0 if step == "not started" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
