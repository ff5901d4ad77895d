"""Taipy: a message that names a client changes that client's variables."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import TaipyPage, serve

typed = ""
received: list[str] = []


def heavy(text: str) -> None:
    received.append(text)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [state.typed])


gui = Gui(page="<|{typed}|input|>")


def deviates() -> bool:
    serve(gui)
    first, other = TaipyPage(gui), TaipyPage(gui)
    first.load()
    other.load()
    for page, text in ((first, "the user's"), (other, "somebody else's")):
        page.send("U", name="typed", payload={"value": text}, client_id=first.client)
    first.run_job()
    print("expected: the job gets what its user has typed, ['the user's']")
    print(f"seen: {received}")
    return received == ["somebody else's"]
