"""Taipy: a default value of the status function is replaced by None."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

arguments: list[tuple[object, str]] = []


def heavy() -> str:
    return "the result"


def heavy_status(state: State, status: bool, result: object, title: str = "My job") -> None:
    arguments.append((result, title))


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    result, title = arguments[0]
    print("expected: result='the result', title='My job'")
    print(f"seen: result={result!r}, title={title!r}")
    return (result, title) != ("the result", "My job")
