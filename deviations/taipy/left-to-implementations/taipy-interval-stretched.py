"""Taipy: the periodic status comes later and later when its function takes time.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the import starts no threads of its own
try:
    from taipy.gui import Gui, State, invoke_long_callback
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

starts: list[float] = []
gate = threading.Event()


def heavy() -> None:
    gate.wait(10)


def heavy_status(state: State, status: bool | int) -> None:
    """Work for 0.4 s of each period of 0.5 s."""
    if not isinstance(status, bool):
        starts.append(time.monotonic())
        time.sleep(0.4)  # the work: its time is the subject
        if len(starts) == 4:
            gate.set()


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
    if not gate.wait(10):
        print(f"undecided: only {len(starts)} periodic statuses in 10 s")
        return 2
    elapsed = starts[-1] - starts[0]
    print("expected: 3 periods of 0.5 s last about 1.5 s")
    print(f"seen: {elapsed:.1f} s")
    return 1 if elapsed > 2.4 else 0  # 3 x 0.9 s = 2.7 s, and 0.3 s for a busy machine


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
