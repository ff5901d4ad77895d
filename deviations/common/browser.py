"""A page in Chromium, for what the framework's own JavaScript causes."""

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, TimeoutError, sync_playwright
from werkzeug.serving import make_server

from deviations.common.jobs import kill_jobs


@contextmanager
def browse(program: Callable[..., Any], *arguments: Any) -> Iterator[Page]:
    """Serve a program that keeps its files in a temporary folder, and open its page in Chromium."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = program(folder, *arguments)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, app.server, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}")
        try:
            yield page
        finally:
            kill_jobs()


def appears(page: Page, selector: str, milliseconds: int) -> bool:
    """Tell whether an element matches within this time."""
    try:
        page.wait_for_selector(selector, timeout=milliseconds)
    except TimeoutError:
        return False
    return True
