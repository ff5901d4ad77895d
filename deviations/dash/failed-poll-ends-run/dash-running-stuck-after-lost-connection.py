"""Dash: one lost poll leaves `running` on for good.

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
    """Return an app whose button is disabled while its job runs."""
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
        page.route("**/*cacheKey=*", lambda route: route.abort(), times=1)
        with page.expect_event("requestfailed"):
            page.click("#run")
        disabled = not appears(page, "#run:enabled", 3000)  # 30 polls' time
        out = page.inner_text("#out")
    print("expected: after one lost poll the next one brings 'done', and the button is enabled")
    print(f"seen: 3 s later the button is {'disabled' if disabled else 'enabled'}, out is {out!r}")
    return 1 if disabled else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
