"""A job with a result, a periodic status and notifications.

Start it with ``python examples/taipy_style/app.py [-P PORT]``, open http://127.0.0.1:5000 and click "Start". Open it
in a second browser, too: each has its own jobs and results.
"""

import time

from impl_taipy_style import Gui, State, invoke_long_callback, notify

seconds = "5"
idle = True
progress = "not started"
result = "none yet"

page = """
# A long-running callback

Seconds of work: <|{seconds}|input|id=seconds|>
<|Start|button|id=start|active={idle}|>

Progress: <|{progress}|text|id=progress|>

Result: <|{result}|text|id=result|>

Enter something that is not a number to see the job fail.
"""


def work(text: str) -> str:
    time.sleep(float(text))
    return f"{text} seconds of work, done at {time.strftime('%H:%M:%S')}"


def work_status(state: State, status: bool | int, started: str, result: str) -> None:
    if not isinstance(status, bool):
        state.progress = f"started at {started}, {status} s ago"
        notify(state, "info", f"Working for {status} s")
        return
    state.idle = True
    if status:
        state.progress = "finished"
        state.result = result
        notify(state, "success", "The work is done")
    else:
        state.progress = "failed"
        notify(state, "error", "The work has failed")


def on_action(state: State) -> None:
    state.idle = False
    state.progress = "started"
    notify(state, "info", "The work starts")
    started = time.strftime("%H:%M:%S")
    invoke_long_callback(state, work, [state.seconds], work_status, [started], period=1000)


if __name__ == "__main__":
    Gui(page=page).run(title="A long-running callback")
