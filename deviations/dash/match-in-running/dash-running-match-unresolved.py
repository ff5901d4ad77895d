"""Dash: a callback with `MATCH` in `running` is accepted and never called.

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
    from dash import MATCH, Dash, DiskcacheManager, Input, Output, html
    from playwright.sync_api import Page, sync_playwright
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

started, start = multiprocess.Pipe(duplex=False)


def build(folder: str) -> Dash:
    """Return an app with a row of either callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([])

    def row(name: str, **options: object) -> None:
        button, out = {"type": name, "index": 1}, {"type": f"{name}-out", "index": 1}
        app.layout.children += [html.Button(id=button, className=name), html.Div(id=out)]

        @app.callback(
            Output({"type": f"{name}-out", "index": MATCH}, "children"),
            Input({"type": name, "index": MATCH}, "n_clicks"),
            background=True,
            prevent_initial_call=True,
            interval=100,
            **options,
        )
        def job(n_clicks: int) -> None:
            start.send(name)

    row("plain")
    row("noted", running=[(Output({"type": "noted", "index": MATCH}, "title"), "busy", "over")])
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


def runs(page: Page, selector: str) -> bool:
    """Click on a button, and tell whether its job starts."""
    page.click(selector)
    if not started.poll(5):  # a start takes a tenth of a second
        return False
    started.recv()
    return True


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, browse(build(folder)) as page:
        plain, noted = runs(page, ".plain"), runs(page, ".noted")
    if not plain:
        raise RuntimeError("the job of the plain row did not start")
    print("expected: the jobs of both rows start")
    print(f"seen: without `running`: {plain}, with it: {noted}")
    return 0 if noted else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
