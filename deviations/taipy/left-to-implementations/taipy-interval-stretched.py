"""Taipy: periodic statuses come later and later if their function takes time."""

import threading
import time

from taipy.gui import Gui, State, invoke_long_callback

from deviations.common.outcome import Undecided
from deviations.common.taipy_page import press_button

starts: list[float] = []
gate = threading.Event()


def heavy() -> None:
    gate.wait(10)


def heavy_status(state: State, status: int) -> None:
    """Work for 0.4 s of each period of 0.5 s."""
    if not isinstance(status, bool):
        starts.append(time.monotonic())
        time.sleep(0.4)  # the work: its time is the subject
        if len(starts) == 4:
            gate.set()


def on_action(state: State) -> None:
    invoke_long_callback(state, heavy, [], heavy_status, [], 500)


gui = Gui(page="<|go|button|>")


def deviates() -> bool:
    press_button(gui)
    if not gate.wait(10):
        raise Undecided(f"only {len(starts)} periodic statuses in 10 s")
    seconds = starts[-1] - starts[0]
    print("expected: 3 periods of 0.5 s last about 1.5 s")
    print(f"seen: {seconds:.1f} s")
    return seconds > 2.4  # 3 x 0.9 s = 2.7 s, and 0.3 s for a busy machine
