"""Dash: a job of one instance of a callback with `MATCH` is killed when another instance starts one.

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
    from dash import MATCH, Dash, DiskcacheManager, Input, Output, State, html
    from playwright.sync_api import Page, Request, sync_playwright
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)
started, start = multiprocess.Pipe(duplex=False)


def build(folder: str) -> Dash:
    """Return an app with two rows of a button each, whose jobs have different arguments."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    rows = [
        [
            html.Button(id={"type": "run", "index": index}, className=f"run-{index}"),
            html.Div(id={"type": "out", "index": index}),
        ]
        for index in (1, 2)
    ]
    app.layout = html.Div([part for row in rows for part in row])

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "run", "index": MATCH}, "n_clicks"),
        State({"type": "run", "index": MATCH}, "className"),
        background=True,
        prevent_initial_call=True,
        interval=100,
    )
    def job(n_clicks: int, name: str) -> None:
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


def starts_a_job(request: Request) -> bool:
    """Tell whether a request of the page starts a job: it is no poll."""
    return "_dash-update-component" in request.url and "cacheKey=" not in request.url


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, browse(build(folder)) as page:
        queries = []
        for index in (1, 2):
            with page.expect_response("**/*cacheKey=*"):  # a poll: the page knows the job
                with page.expect_request(starts_a_job) as asked:
                    page.click(f".run-{index}")
                queries.append(asked.value.url.partition("?")[2])
            if not started.poll(10):
                raise RuntimeError("the job did not start")
            started.recv()
    print("expected: the request that starts the job of the second row names no job to be ended")
    print(f"seen: {queries[1]!r}")
    return 1 if "oldJob=" in queries[1] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
