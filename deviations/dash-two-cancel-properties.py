"""Dash: two cancel Inputs of one component collide.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import threading
import traceback
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

gate, gate_opener = multiprocess.Pipe(duplex=False)


def build(folder: str) -> Dash:
    """Return an app whose job is cancelled by two properties of one button."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    names = ("run", "stop")
    app.layout = html.Div([*(html.Button(name, id=name) for name in names), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        cancel=[Input("stop", "n_clicks"), Input("stop", "title")],
        interval=100,
    )
    def job(n_clicks: int) -> None:
        gate.recv()

    return app


@contextmanager
def browse(app: Dash) -> Iterator[Page]:
    """Serve the app on a free port, and open it in the system's Chromium."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = chromium.new_page()
            page.set_default_timeout(10_000)
            page.goto(f"http://127.0.0.1:{server.server_port}")
            yield page
    finally:
        server.shutdown()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, browse(build(folder)) as page:
        logs = []
        page.on("console", lambda message: logs.append(message.text))
        page.reload()
        page.wait_for_selector("#run")
        with page.expect_response("**/*cacheKey=*"):
            page.click("#run")
        try:
            with page.expect_response("**/*cancelJob=*", timeout=3000) as caught:
                page.click("#stop")
            print(caught.value.status, caught.value.text())
        except TimeoutError:
            print("no cancel")
        print(logs)
        print(multiprocess.active_children())
        jobs = page.request.get(page.url + "_dash-dependencies").text()
        print(jobs)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        traceback.print_exc()
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
