"""Taipy: a status function whose `result` is keyword-only is never run."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

results: list[object] = []


def heavy() -> str:
    return "the result"


def heavy_status(state: State, status: bool, *, result: object) -> None:
    results.append(result)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the status function is called once, with result='the result'")
    print(f"seen: its calls had the results {results}")
    return results != ["the result"]
