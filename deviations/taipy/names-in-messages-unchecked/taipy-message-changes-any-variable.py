"""Taipy: a message changes a variable that no input of the page shows."""

from taipy.gui import Gui, State

from deviations.common.taipy_page import TaipyPage, serve

user = "guest"
read: list[str] = []


def on_action(state: State) -> None:
    read.append(state.user)


gui = Gui(page="<|{user}|> <|Look|button|>")


def deviates() -> bool:
    serve(gui)
    page = TaipyPage(gui)
    page.load()
    page.send("U", name="user", payload={"value": "admin"}, client_id=page.client)
    page.press()
    print("expected: ['guest'], since nothing on the page changes it")
    print(f"seen: {read}")
    return read == ["admin"]
