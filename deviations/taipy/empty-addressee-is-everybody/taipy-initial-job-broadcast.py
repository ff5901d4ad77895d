"""Taipy: the job of a user whose socket is not yet open reports to all others."""

import threading

from taipy.gui import Gui, State, get_state_id, invoke_long_callback, notify

from deviations.common.taipy_page import TaipyPage, serve, threads_since

result = ""
gate = threading.Event()


def heavy(client: str) -> str:
    gate.wait(10)
    return f"the secret of {client}"


def heavy_status(state: State, status: bool, secret: str) -> None:
    notify(state, "success", f"Your job has ended: {secret}")
    state.result = secret


def on_init(state: State) -> None:
    invoke_long_callback(state, heavy, [get_state_id(state)], heavy_status)


gui = Gui(page="<|{result}|>")


def deviates() -> bool:
    serve(gui)
    before = threading.enumerate()
    other = TaipyPage(gui)
    other.load()
    http = gui.get_flask_app().test_client()
    http.get("/taipy-init?client_id=late")  # this page is loaded, its socket is not yet open
    gate.set()
    for job in threads_since(before):
        job.join(10)
    secrets = [text for text in other.texts() if "secret of late" in text]
    print("expected: nothing of one user's job reaches another")
    print(f"seen: the other user's page receives {secrets}")
    return bool(secrets)
