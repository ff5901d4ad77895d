"""Dash: an ordinary callback puts the progress back while the job runs.

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

gate, gate_opener = multiprocess.Pipe(duplex=False)


def build(folder: str) -> Dash:
    """Return an app with an ordinary callback that has the cancel Input among its Inputs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    names = ("run", "cancel", "look")
    app.layout = html.Div(
        [
            *(html.Button(name, id=name) for name in names),
            *(html.Div(id=i) for i in ("step", "out", "note")),
        ]
    )

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
        gate.recv()

    @app.callback(
        Output("note", "children"),
        Input("look", "n_clicks"),
        Input("cancel", "n_clicks"),
        prevent_initial_call=True,
    )
    def look(looks: int, cancels: int | None) -> str:
        return f"{looks} looks, {cancels or 0} cancels"

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
        page.click("#run")
        page.wait_for_selector("#step:text('half')")
        page.click("#look")
        page.wait_for_selector("#note:text('1 looks, 0 cancels')")
        step, jobs = page.inner_text("#step"), len(multiprocess.active_children())
    print("expected: step is 'half', as the job is in progress and nobody has cancelled")
    print(f"seen: step is {step!r}, jobs that run: {jobs}")
    return 1 if step == "not started" and jobs else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
