"""Taipy: an argument of the status function stands in the result's place."""

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import run_job

results: list[object] = []


def heavy() -> str:
    return "the result"


def heavy_status(state: State, status: bool, result: object) -> None:
    results.append(result)


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, ["an argument"])


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    run_job(gui)
    print("expected: the parameter `result` never holds 'an argument'")
    print(f"seen: result={results[0]!r}")
    return results == ["an argument"]
