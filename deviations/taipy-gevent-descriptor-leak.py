"""Taipy: each job leaves two open file descriptors behind, in the default mode.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the import starts no threads of its own
try:
    from taipy.gui import Gui, State, invoke_long_callback, notify
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

JOBS = 20


def heavy() -> None:
    """Be over at once."""


def heavy_status(state: State, status: bool) -> None:
    notify(state, "success", "Your job has ended")


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def connect() -> Callable[[], None]:
    """Open a page as a browser does; return what clicks its button and waits for the job."""
    gui.run(run_server=False, async_mode="gevent")
    socket = gui._server._ws.test_client(gui.get_flask_app())
    socket.emit("message", {"type": "ID", "name": "TaipyClientId", "payload": "", "client_id": ""})
    client = next(m["args"]["id"] for m in socket.get_received() if m["args"]["type"] == "ID")
    action = {"type": "A", "name": "", "payload": {"action": "on_action"}, "client_id": client}

    def click_and_wait() -> None:
        before = threading.enumerate()
        socket.emit("message", action)
        for thread in [thread for thread in threading.enumerate() if thread not in before]:
            thread.join(10)

    return click_and_wait


def main() -> int:
    if not os.path.isdir("/proc/self/fd"):
        print("undecided: this system does not list the descriptors of a process")
        return 2
    click_and_wait = connect()
    click_and_wait()  # what is opened once is opened by the first job
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(JOBS):
        click_and_wait()
    left = len(os.listdir("/proc/self/fd")) - before
    print(f"expected: {JOBS} jobs that have ended leave no descriptor open")
    print(f"seen: they leave {left}; a process may usually have 1024, then it is aborted")
    return 1 if left >= JOBS else 0


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
