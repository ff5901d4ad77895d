"""Dash: two cancel Inputs of one component are reported as an error.

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
    )
    def job(n_clicks: int) -> str:
        return "done"

    app.enable_dev_tools(debug=True, dev_tools_hot_reload=False)  # as `app.run(debug=True)`
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
        error = appears(page, "text=Duplicate callback outputs", 3000)
    print("expected: the page reports no error, as the program declares each output once")
    print(f"seen: {'an error: Duplicate callback outputs' if error else 'no error'}")
    return 1 if error else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
