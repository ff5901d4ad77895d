"""Taipy: a dictionary that is assigned to a state variable never reaches the page.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the import starts no threads of its own
try:
    from taipy.gui import Gui, State
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

kept: object = "before"


def assign_list(state: State) -> None:
    state.kept = ["a list"]


def assign_dictionary(state: State) -> None:
    state.kept = {}


gui = Gui(page="<|{kept}|text|>")


def main() -> int:
    """Open a page as a browser does, call both actions, and see which values each sends."""
    gui.run(run_server=False, async_mode="threading")
    socket = gui._server._ws.test_client(gui.get_flask_app())
    socket.emit("message", {"type": "ID", "name": "TaipyClientId", "payload": "", "client_id": ""})
    client = next(m["args"]["id"] for m in socket.get_received() if m["args"]["type"] == "ID")
    page = f"/taipy-jsx/TaiPy_root_page?client_id={client}"
    gui.get_flask_app().test_client().get(page)
    sent = {}
    for name in ("assign_list", "assign_dictionary"):
        action = {"type": "A", "name": "", "payload": {"action": name}, "client_id": client}
        socket.emit("message", action)
        updates = [m["args"] for m in socket.get_received() if m["args"]["type"] == "MU"]
        sent[name] = [one["payload"]["value"] for u in updates for one in u["payload"]]
    print("expected: each assignment sends the new value to the page")
    print(f"seen: values sent by each: {sent}")
    if ["a list"] not in sent["assign_list"]:
        return 2
    return 0 if {} in sent["assign_dictionary"] else 1


if __name__ == "__main__":
    sys.argv = sys.argv[:1]  # Taipy reads the command line
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
