"""Taipy: a periodic status follows the final one."""

import threading

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.outcome import Undecided
from deviations.common.taipy_page import press_button

statuses: list[int] = []
status_seen, gate, late_status_seen, final_status_ended = (threading.Event() for _ in range(4))


def heavy() -> None:
    gate.wait(10)


def heavy_status(state: State, status: int) -> None:
    """Note the status; the final one takes up to three periods, as drawing a plot may."""
    statuses.append(status)
    if isinstance(status, bool):
        late_status_seen.wait(1.5)
        final_status_ended.set()
    elif True in statuses[:-1]:
        late_status_seen.set()
    else:
        status_seen.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 500)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    press_button(gui)
    if not status_seen.wait(5):
        raise Undecided("no periodic status in 5 s")
    gate.set()
    final_status_ended.wait(10)
    print("expected: nothing follows the final True")
    print(f"seen: {statuses}")
    return statuses[-1] is not True
