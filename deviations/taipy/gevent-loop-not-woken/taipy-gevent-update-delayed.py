"""Taipy: an idle page sees the end of a job only at the next ping, in the default mode.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the import starts no threads of its own
try:
    import socketio
    from taipy.gui import Gui, State, invoke_long_callback, notify
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


WORK = 0.5  # seconds; by then the server has answered the click and sleeps


def heavy() -> None:
    threading.Event().wait(WORK)


def heavy_status(state: State, status: bool) -> None:
    notify(state, "success", "Your job has ended")


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


class Page:
    """An idle page on a real socket."""

    def __init__(self, port: int) -> None:
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.socket = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.1)
        self.socket.on("message", self.messages.put)
        url = f"http://127.0.0.1:{port}"
        self.socket.connect(url, transports=["websocket"], retry=True)
        self.socket.emit(
            "message", {"type": "ID", "name": "TaipyClientId", "payload": "", "client_id": ""}
        )
        self.client = self.next("ID")["id"]

    def next(self, kind: str) -> dict[str, Any]:
        """Wait for the next message of a kind."""
        while (message := self.messages.get(timeout=10))["type"] != kind:
            pass
        return message

    def delay(self) -> float:
        """Start a job, and return how many seconds after its end the page is told."""
        action = {"type": "A", "name": "", "payload": {"action": "on_action"}, "ack_id": "a"}
        self.socket.emit("message", {**action, "client_id": self.client})
        self.next("ACK")
        begin = time.monotonic()
        self.next("AL")
        return time.monotonic() - begin - WORK


def main() -> int:
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        command = [sys.executable, __file__, "serve", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            page = Page(port)
            delay = page.delay()
            if delay < 1:  # by chance just before a ping? Then the second is just after it.
                delay = page.delay()
        finally:
            server.kill()
            server.wait()
    print("expected: an idle page is told of the end of a job in less than 1 s")
    print(f"seen: it is told after {delay:.1f} s")
    return 1 if delay >= 1 else 0


if __name__ == "__main__":
    arguments, sys.argv = sys.argv[1:], sys.argv[:1]  # Taipy reads the command line
    try:
        if arguments[:1] == ["serve"]:
            gui.run(host="127.0.0.1", port=int(arguments[1]), run_browser=False, dark_mode=False)
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
