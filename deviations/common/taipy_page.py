"""A page of Taipy without a browser: it opens the socket and sends what Taipy's JavaScript sends."""

import os
import sys
import threading
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # otherwise the import of Taipy starts threads

from taipy.gui import Gui


class TaipyPage:
    """A page that is open: its socket, and the id of its client."""

    def __init__(self, gui: Gui) -> None:
        self.gui = gui
        self.socket = gui._server._ws.test_client(gui.get_flask_app())
        self.send("ID", name="TaipyClientId")
        self.client = next(message["id"] for message in self.messages("ID"))

    def send(self, kind: str, **fields: Any) -> None:
        message = {"type": kind, "payload": "", "client_id": "", **fields}
        self.socket.emit("message", message)

    def received(self) -> list[dict[str, Any]]:
        """Return the messages that have arrived since the last call."""
        return [event["args"] for event in self.socket.get_received()]

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """Return the messages of a kind that have arrived; the others are dropped."""
        return [message for message in self.received() if message["type"] == kind]

    def values(self) -> list[Any]:
        """Return the values of variables that have arrived; other messages are dropped."""
        return values_in(self.received())

    def texts(self) -> list[str]:
        """Return the notifications and the values that have arrived, as texts without repetition."""
        messages = self.received()
        texts = [message["message"] for message in messages if message["type"] == "AL"]
        return list(dict.fromkeys(texts + [str(value) for value in values_in(messages)]))

    def load(self) -> None:
        """Load the page's content, as it is needed for values to be sent."""
        http = self.gui.get_flask_app().test_client()
        http.get(f"/taipy-init?client_id={self.client}")
        http.get(f"/taipy-jsx/TaiPy_root_page?client_id={self.client}")

    def press(self, action: str = "on_action") -> list[threading.Thread]:
        """Press a button, and return the threads that this starts: those of the job."""
        before = threading.enumerate()
        self.send("A", name="", payload={"action": action}, client_id=self.client)
        return threads_since(before)

    def run_job(self) -> None:
        """Press the button, and wait until the job's threads have ended."""
        for thread in self.press():
            thread.join(10)


def values_in(messages: list[dict[str, Any]]) -> list[Any]:
    """Return the values of variables in these messages; a variable may occur under two names."""
    updates = [message["payload"] for message in messages if message["type"] == "MU"]
    return [change["payload"]["value"] for changes in updates for change in changes]


def threads_since(before: list[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before]


def serve(gui: Gui, async_mode: str = "threading", **options: Any) -> None:
    """Start the app without a server: pages are opened in this process."""
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    gui.run(run_server=False, async_mode=async_mode, **options)


def press_button(gui: Gui) -> None:
    """Serve a program, open its page, and press its button."""
    serve(gui)
    TaipyPage(gui).press()


def run_job(gui: Gui) -> None:
    """Serve a program, open its page, press its button, and wait until the job's threads have ended."""
    serve(gui)
    TaipyPage(gui).run_job()
