"""Taipy: a connection that has named a client is sent what that client is sent."""

from taipy.gui import Gui, State, invoke_long_callback, notify

from deviations.common.taipy_page import TaipyPage, serve

result = ""


def heavy() -> str:
    return "the secret of the first user"


def heavy_status(state: State, status: bool, secret: str) -> None:
    notify(state, "success", f"Your job has ended: {secret}")
    state.result = secret


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|{result}|>")


def deviates() -> bool:
    serve(gui)
    first, other = TaipyPage(gui), TaipyPage(gui)
    first.load()
    other.load()
    other.send("RU", name="", payload={"names": []}, client_id=first.client)
    first.run_job()
    texts = other.texts()
    print("expected: nothing of one user's job reaches another")
    print(f"seen: the other user's page receives {texts}")
    return any("secret of the first user" in text for text in texts)
