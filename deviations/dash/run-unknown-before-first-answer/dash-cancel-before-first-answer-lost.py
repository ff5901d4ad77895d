"""Dash: a cancel before the first answer has come is lost.

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

gate, gate_opener = multiprocess.Pipe(duplex=False)
cancelled, polled = threading.Event(), threading.Semaphore(0)


class SlowManager(DiskcacheManager):
    """A manager that answers a start only after the cancel request has been answered."""

    def call_job_fn(self, *args: Any) -> Any:
        job = super().call_job_fn(*args)
        cancelled.wait(10)
        return job


def build(folder: str) -> Dash:
    """Return an app whose job waits at the gate."""
    app = Dash(background_callback_manager=SlowManager(diskcache.Cache(folder)))
    names = ("run", "cancel")
    app.layout = html.Div([*(html.Button(name, id=name) for name in names), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        cancel=Input("cancel", "n_clicks"),
        interval=100,
    )
    def job(n_clicks: int) -> str:
        gate.recv()
        return "done"

    @app.server.after_request
    def note(response: Response) -> Response:
        if "cancel.id" in (request.get_json(silent=True) or {}).get("output", ""):
            cancelled.set()
        if "cacheKey" in request.args:
            polled.release()
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
        with page.expect_request("**/_dash-update-component*"):
            page.click("#run")
        page.click("#cancel")
        for _ in range(2):
            polled.acquire(timeout=3)  # a page whose job was cancelled may poll no more
        gate_opener.send("finish")
        lost = appears(page, "#out:text('done')", 3000)  # 30 polls' time
    if not cancelled.is_set():
        print("undecided: the cancel request did not come")
        return 2
    print("expected: the job is cancelled, out stays empty")
    print(f"seen: out {'shows the result' if lost else 'stays empty'}")
    return 1 if lost else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
