"""Taipy: a functools.partial is never called as status function.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
import threading

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the import starts no threads of its own
try:
    from taipy.gui import Gui, State, invoke_long_callback
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

statuses: list[bool] = []


def heavy() -> str:
    return "the result"


def heavy_status(title: str, state: State, status: bool) -> None:
    statuses.append(status)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], functools.partial(heavy_status, "My job"))


gui = Gui(page="<|go|button|>")


def click() -> None:
    """Open a page as a browser does, press its button, and wait until the job's thread is over."""
    gui.run(run_server=False, async_mode="threading")
    socket = gui._server._ws.test_client(gui.get_flask_app())
    socket.emit("message", {"type": "ID", "name": "TaipyClientId", "payload": "", "client_id": ""})
    client = next(m["args"]["id"] for m in socket.get_received() if m["args"]["type"] == "ID")
    action = {"type": "A", "name": "", "payload": {"action": "on_action"}, "client_id": client}
    before = threading.enumerate()
    socket.emit("message", action)
    for thread in [thread for thread in threading.enumerate() if thread not in before]:
        thread.join(10)


def main() -> int:
    click()
    print("expected: the status function is told [True]")
    print(f"seen: {statuses}, and the job's thread is over")
    return 0 if statuses == [True] else 1


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
