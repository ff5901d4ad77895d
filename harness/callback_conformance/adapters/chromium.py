"""One Chromium for a whole test process; each user has a window of their own in it."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from callback_conformance.install import install_command

if TYPE_CHECKING:  # Playwright is optional: it is imported when a test first opens a browser
    from playwright.sync_api import Page as Window

VARIABLE = "CONFORMANCE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page under test talks to its app only, whatever it links to.
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class BrowserMissing(RuntimeError):
    """No browser can be started; the message names the command that provides one."""


class Chromium:
    """A running Chromium. Raises BrowserMissing when there is none.

    A user's context (cookies, storage) outlives its tab, since the user may load the page again. It is
    closed when the next test opens a window.
    """

    def __init__(self) -> None:
        executable = _executable()
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError as error:
            raise BrowserMissing(
                "The driver 'browser' needs Playwright, which is not installed: "
                f"{install_command('browser')}"
            ) from error
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._playwright.chromium.launch(
                executable_path=executable, args=ARGUMENTS
            )
        except Error as error:
            self._playwright.stop()
            raise BrowserMissing(_advice(executable, str(error))) from error
        self._test: object = None

    @property
    def alive(self) -> bool:
        """False once its process has ended."""
        return self._browser.is_connected()

    def window(self, test: object, script: str, beside: Window | None) -> Window:
        """A window for a new user of ``test``, or for the one who has the window ``beside``; ``script`` runs
        in its pages before their own."""
        if test is not self._test:
            for context in self._browser.contexts:
                context.close()
            self._test = test
        context = beside.context if beside else self._browser.new_context()
        window = context.new_page()
        window.add_init_script(script)
        return window

    def close(self) -> None:
        """End the browser and Playwright's own process, whichever still runs."""
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            self._browser.close()
        self._playwright.stop()


_running: Chromium | None = None


def open_window(test: object, script: str, beside: Window | None = None) -> Window:
    """A window for a new user of ``test`` (any object that stands for it), in the one browser of this
    process, which is started when it is first needed; or for the user who has the window ``beside``.
    ``script`` runs in its pages before their own.

    Raises BrowserMissing.
    """
    global _running
    if _running is None or not _running.alive:
        close()
        _running = Chromium()
        atexit.register(close)
    return _running.window(test, script, beside)


def leave(window: Window) -> None:
    """Leave the page that a window shows; the user may come back to it."""
    from playwright.sync_api import Error

    # A page or a browser that has crashed has failed its test already, and can be left no further.
    with contextlib.suppress(Error):
        window.goto("about:blank")


def close() -> None:
    """End the browser, if there is one; also done when the process ends."""
    global _running
    ended, _running = _running, None
    if ended:
        atexit.unregister(close)
        ended.close()


def _executable() -> str | None:
    """The Chromium to start; None stands for the one that Playwright may have downloaded."""
    if executable := os.environ.get(VARIABLE):
        if not os.access(executable, os.X_OK):
            raise BrowserMissing(f"{VARIABLE}={executable}: there is no such program")
        return executable
    return next(filter(None, map(shutil.which, NAMES)), None)


def _advice(executable: str | None, error: str) -> str:
    reason = error.strip().splitlines()[0]
    if executable:
        return f"{executable} cannot be started: {reason}. {VARIABLE} may name another Chromium."
    return (
        f"The driver 'browser' needs a Chromium: none of {', '.join(NAMES)} is on the PATH, "
        f"{VARIABLE} is not set, and Playwright has none ({reason}). "
        "One comes with `apt-get install chromium` or `playwright install chromium`."
    )
