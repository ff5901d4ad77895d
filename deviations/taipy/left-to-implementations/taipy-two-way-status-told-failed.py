"""Taipy: `if status:` reports a failure while the job runs, when a period is given.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

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

reports: list[str] = []
gate = threading.Event()


def heavy() -> None:
    gate.wait(10)


def heavy_status(state: State, status: bool) -> None:
    if status:
        reports.append("finished")
    else:
        reports.append("failed")


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 1000)


gui = Gui(page="<|go|button|>")


def click() -> None:
    """Open a page as a browser does, and press its button."""
    gui.run(run_server=False, async_mode="threading")
    socket = gui._server._ws.test_client(gui.get_flask_app())
    socket.emit("message", {"type": "ID", "name": "TaipyClientId", "payload": "", "client_id": ""})
    client = next(m["args"]["id"] for m in socket.get_received() if m["args"]["type"] == "ID")
    action = {"type": "A", "name": "", "payload": {"action": "on_action"}, "client_id": client}
    socket.emit("message", action)


def main() -> int:
    click()
    seen = list(reports)  # the job is still at its gate
    gate.set()
    print("expected: no report before the job has ended")
    print(f"seen: {seen}, while the job runs on")
    return 1 if seen == ["failed"] else 0


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
