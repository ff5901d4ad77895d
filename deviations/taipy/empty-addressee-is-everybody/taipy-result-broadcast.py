"""Taipy: the result of a user who has left is sent to all others."""

import threading

from taipy.gui import Gui, State, invoke_long_callback, notify

from deviations.common.taipy_page import TaipyPage, serve, threads_since

result = ""
gate = threading.Event()


def heavy() -> str:
    gate.wait(10)
    return "the secret of the first user"


def heavy_status(state: State, status: bool, secret: str) -> None:
    notify(state, "success", f"Your job has ended: {secret}")
    state.result = secret


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|{result}|>")


def deviates() -> bool:
    serve(gui, state_retention_period=1)
    first, other = TaipyPage(gui), TaipyPage(gui)
    first.load()
    other.load()
    jobs = first.press()
    before = threading.enumerate()
    first.socket.disconnect()
    for timer in threads_since(before):
        timer.join(10)  # the end of the retention period of 1 s
    gate.set()
    for job in jobs:
        job.join(10)
    texts = other.texts()
    print("expected: nothing of one user's job reaches another")
    print(f"seen: the other user's page receives {texts}")
    return any("secret of the first user" in text for text in texts)
