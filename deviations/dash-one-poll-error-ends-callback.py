"""Dash: one failed poll ends the page's callback while its job runs.

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

gate, gate_opener = multiprocess.Pipe(duplex=False)


def build(folder: str) -> Dash:
    """Return an app whose job waits at the gate."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    app.layout = html.Div([html.Button("Run", id="run"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output("run", "disabled"), True, False)],
        interval=100,
    )
    def job(n_clicks: int) -> str:
        gate.recv()
        return "done"

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
        page.route("**/*cacheKey=*", lambda route: route.fulfill(status=502), times=1)
        with page.expect_response(lambda response: response.status == 502):
            page.click("#run")
        early = appears(page, "#run:enabled", 1000)  # 10 polls' time
        gate_opener.send("finish")
        shown = appears(page, "#out:text('done')", 3000)  # 30 polls' time
    print("expected: after one 502 of a proxy the page polls on and shows 'done'")
    print(f"seen: the button is {'enabled' if early else 'disabled'} while the job runs,")
    print(f"      and 'done' is {'shown' if shown else 'never shown'} after its end")
    return 1 if early or not shown else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
