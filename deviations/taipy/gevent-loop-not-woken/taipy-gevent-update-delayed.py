"""Taipy: an idle page sees the end of a job only at the next ping, in the default mode."""

import queue
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import socketio
from taipy.gui import Gui, State, invoke_long_callback, notify

from deviations.common.outcome import conclude

WORK_SECONDS = 0.5  # by then the server has answered the click and sleeps


def heavy() -> None:
    threading.Event().wait(WORK_SECONDS)


def heavy_status(state: State, status: bool) -> None:
    notify(state, "success", "Your job has ended")


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


class IdlePage:
    """A page on a real socket."""

    def __init__(self, port: int) -> None:
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.socket = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.1)
        self.socket.on("message", self.messages.put)
        self.socket.connect(f"http://127.0.0.1:{port}", transports=["websocket"], retry=True)
        self.send("ID", name="TaipyClientId", payload="", client_id="")
        self.client = self.next_message("ID")["id"]

    def send(self, kind: str, **fields: Any) -> None:
        self.socket.emit("message", {"type": kind, **fields})

    def next_message(self, kind: str) -> dict[str, Any]:
        """Wait for the next message of a kind."""
        while (message := self.messages.get(timeout=10))["type"] != kind:
            pass
        return message

    def delay(self) -> float:
        """Start a job, and return how many seconds after its end the notification arrives."""
        action = {"action": "on_action"}
        self.send("A", name="", payload=action, ack_id="a", client_id=self.client)
        self.next_message("ACK")
        begin = time.monotonic()
        self.next_message("AL")
        return time.monotonic() - begin - WORK_SECONDS


def serve_on(port: str) -> None:
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    gui.run(host="127.0.0.1", port=int(port), run_browser=False, dark_mode=False)


def deviates() -> bool:
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        command = [sys.executable, __file__, "serve", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            page = IdlePage(port)
            delay = page.delay()
            if delay < 1:  # by chance just before a ping? Then the second is just after it.
                delay = page.delay()
        finally:
            server.kill()
            server.wait()
    print("expected: an idle page is notified of the end of a job in less than 1 s")
    print(f"seen: it is notified after {delay:.1f} s")
    return delay >= 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve_on(sys.argv[2])
    conclude(deviates)
