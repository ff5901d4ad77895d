"""Dash: a background callback without output is accepted, and no callback of its page is called.

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

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, html
    from playwright.sync_api import Page, TimeoutError, sync_playwright
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

started, start = multiprocess.Pipe(duplex=False)


def build(folder: str, both: bool) -> Dash:
    """Return an app with a callback that has an output, or with both kinds."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="plain"), html.Button(id="mute"), html.Div(id="out")])
    options = {"background": True, "prevent_initial_call": True, "interval": 100}

    @app.callback(Output("out", "children"), Input("plain", "n_clicks"), **options)
    def plain(n_clicks: int) -> None:
        start.send("plain")

    if both:

        @app.callback(inputs=[Input("mute", "n_clicks")], **options)
        def mute(n_clicks: int) -> None:
            start.send("mute")

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


def runs(page: Page, selector: str) -> str:
    """Click on a button, and tell what comes of it."""
    try:
        page.click(selector, timeout=5000)  # a page is there after half a second
    except TimeoutError:
        return "no button is shown"
    if not started.poll(3):  # a start takes a tenth of a second
        return "no job starts"
    started.recv()
    return "its job starts"


def main() -> int:
    print("expected: a callback without output is refused, or its job starts")
    with tempfile.TemporaryDirectory() as folder:
        with browse(build(folder, both=False)) as page:
            alone = runs(page, "#plain")
        if alone != "its job starts":
            raise RuntimeError("the job of the callback with an output did not start")
        try:
            app = build(folder, both=True)
        except Exception as refusal:
            print(f"seen: {type(refusal).__name__}: {refusal}")
            return 0
        with browse(app) as page:
            mute, plain = runs(page, "#mute"), runs(page, "#plain")
    print(f"seen: without output: {mute}; with an output, beside it: {plain}")
    return 0 if mute == "its job starts" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
