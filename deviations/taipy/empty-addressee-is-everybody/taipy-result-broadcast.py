"""Taipy: the result of a client that has left goes to all the others.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the import starts no threads of its own
try:
    from taipy.gui import Gui, State, invoke_long_callback, notify
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

result = ""
gate = threading.Event()


def heavy() -> str:
    gate.wait(10)
    return "the secret of Alice"


def heavy_status(state: State, status: bool, outcome: str) -> None:
    notify(state, "success", f"Your job has ended: {outcome}")
    state.result = outcome


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|{result}|>")


def tell(socket: Any, kind: str, **fields: Any) -> None:
    socket.emit("message", {"type": kind, "payload": "", "client_id": "", **fields})


def open_page() -> tuple[Any, str]:
    """Open a page as a browser does, and return its socket and client id."""
    socket = gui._server._ws.test_client(gui.get_flask_app())
    tell(socket, "ID", name="TaipyClientId")
    client = next(m["args"]["id"] for m in socket.get_received() if m["args"]["type"] == "ID")
    http = gui.get_flask_app().test_client()
    http.get(f"/taipy-init?client_id={client}")
    http.get(f"/taipy-jsx/TaiPy_root_page?client_id={client}")
    return socket, client


def received(socket: Any) -> list[str]:
    """Return the notifications and the values that have come, as text."""
    messages = [entry["args"] for entry in socket.get_received()]
    return [m["message"] for m in messages if m["type"] == "AL"] + [
        str(value["payload"]["value"])
        for m in messages
        if m["type"] == "MU"
        for value in m["payload"]
        if value["name"] != "result"  # the same value again, without its page's expression
    ]


def main() -> int:
    gui.run(run_server=False, async_mode="threading", state_retention_period=1)
    alice, alice_id = open_page()
    bob, _ = open_page()
    before = threading.enumerate()
    tell(alice, "A", name="", payload={"action": "on_action"}, client_id=alice_id)
    jobs = [thread for thread in threading.enumerate() if thread not in before]
    alice.disconnect()
    for timer in [thread for thread in threading.enumerate() if thread not in [*before, *jobs]]:
        timer.join(10)  # the end of the retention period of 1 s
    gate.set()
    for job in jobs:
        job.join(10)
    seen = received(bob)
    print("expected: nothing of Alice's job reaches Bob")
    print(f"seen: Bob's page receives {seen}")
    return 1 if any("secret of Alice" in text for text in seen) else 0


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
