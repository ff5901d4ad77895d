"""Taipy: `if status:` reports a failure while the job runs, if it has a period."""

import threading

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.taipy_page import press_button

reports: list[str] = []
gate = threading.Event()


def heavy() -> None:
    gate.wait(10)


def heavy_status(state: State, status: bool) -> None:
    if status:
        reports.append("finished")
    else:
        reports.append("failed")


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 1000)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    press_button(gui)
    early_reports = list(reports)  # the job still waits at its gate
    gate.set()
    print("expected: no report before the job has ended")
    print(f"seen: {early_reports} while the job runs")
    return early_reports == ["failed"]
