"""Dash: `running` with `MATCH` does nothing when an input without `MATCH` triggers the callback.

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
    from playwright.sync_api import Page, TimeoutError, sync_playwright
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)
started, start = multiprocess.Pipe(duplex=False)


def build(folder: str) -> Dash:
    """Return an app with one row, whose button is disabled while its job runs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    row = {"type": "run", "index": 1}, {"type": "out", "index": 1}
    parts = [
        html.Button("all", id="all"),
        html.Button(id=row[0], className="run"),
        html.Div(id=row[1]),
    ]
    app.layout = html.Div(parts)

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "run", "index": MATCH}, "n_clicks"),
        Input("all", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output({"type": "run", "index": MATCH}, "disabled"), True, False)],
        interval=100,
    )
    def job(n_clicks: int, all_clicks: int) -> None:
        start.send("started")
        gate.recv()

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


def is_disabled(page: Page) -> bool:
    """Tell whether the row's button is disabled, or is soon."""
    try:
        page.wait_for_selector(".run:disabled", timeout=1000)  # 10 polls' time
    except TimeoutError:
        return False
    return True


def run(page: Page, selector: str) -> bool:
    """Click on a button, wait for the job, and tell whether the row's button is disabled."""
    with page.expect_response("**/_dash-update-component*"):
        page.click(selector)
    if not started.poll(10):
        raise RuntimeError("the job did not start")
    started.recv()
    disabled = is_disabled(page)
    gate_opener.send("finish")
    page.wait_for_selector(".run:enabled")
    return disabled


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, browse(build(folder)) as page:
        own = run(page, ".run")
        of_all = run(page, "#all")
    if not own:
        raise RuntimeError("the button is not disabled by its own click")
    print("expected: the row's button is disabled while its job runs, whichever button started it")
    print(f"seen: started by the row's own button: {own}; by the button for all rows: {of_all}")
    return 0 if of_all else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
