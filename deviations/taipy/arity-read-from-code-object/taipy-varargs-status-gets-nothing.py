"""Taipy: a status function that takes *args receives no status."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

arguments: list[tuple[object, ...]] = []


def heavy() -> str:
    return "the result"


def heavy_status(state: State, *args: object) -> None:
    arguments.append(args)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: args == (True, 'the result')")
    print(f"seen: args == {arguments[0]}")
    return arguments[0][:1] != (True,)
