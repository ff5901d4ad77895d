"""Taipy: a periodic status follows the final one.

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

statuses: list[bool | int] = []
ticked, gate, late, over = (threading.Event() for _ in range(4))


def heavy() -> None:
    gate.wait(10)


def heavy_status(state: State, status: bool | int) -> None:
    """Note the status; the final one takes up to three periods, as drawing a plot may."""
    statuses.append(status)
    if isinstance(status, bool):
        late.wait(1.5)
        over.set()
    elif True in statuses[:-1]:
        late.set()
    else:
        ticked.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 500)


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
    if not ticked.wait(5):
        print(f"undecided: no periodic status in 5 s: {statuses}")
        return 2
    gate.set()
    over.wait(10)
    print("expected: nothing follows the final True")
    print(f"seen: {statuses}")
    return 0 if statuses[-1] is True else 1


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
