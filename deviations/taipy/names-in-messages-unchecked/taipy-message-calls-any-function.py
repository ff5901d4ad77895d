"""Taipy: a message calls a function that no element of the page names."""

from taipy.gui import Gui, State

from deviations.common.taipy_page import TaipyPage, serve

called: list[str] = []


def ask(state: State) -> None:
    called.append("ask")


def delete_everything() -> None:
    called.append("delete_everything")


gui = Gui(page="<|Delete|button|on_action=ask|>")


def deviates() -> bool:
    serve(gui)
    page = TaipyPage(gui)
    page.load()
    page.press("ask")
    page.press("delete_everything")
    print("expected: ['ask'], the function that the button names")
    print(f"seen: {called}")
    return called == ["ask", "delete_everything"]
