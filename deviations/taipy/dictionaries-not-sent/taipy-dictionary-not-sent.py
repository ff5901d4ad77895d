"""Taipy: a dictionary that is assigned to a state variable never reaches the page."""

from taipy.gui import Gui, State

from deviations.common.outcome import Undecided
from deviations.common.taipy_page import TaipyPage, serve

shown: object = "before"


def assign_list(state: State) -> None:
    state.shown = ["a list"]


def assign_dictionary(state: State) -> None:
    state.shown = {}


gui = Gui(page="<|{shown}|text|>")


def deviates() -> bool:
    serve(gui)
    page = TaipyPage(gui)
    page.load()
    page.press("assign_list")
    if ["a list"] not in page.values():
        raise Undecided("a list is not sent either")
    page.press("assign_dictionary")
    values = page.values()
    print("expected: the page receives the value {}")
    print(f"seen: it receives the values {values}")
    return {} not in values
