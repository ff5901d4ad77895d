"""Click "Start", watch the job work, and go on typing meanwhile.

    python examples/taipy_style/app.py [-P PORT]

Then open http://127.0.0.1:5000. Open it in another browser too: each has its own jobs and results.
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


def heavy_function(text: str) -> str:
    time.sleep(float(text))
    return f"{text} seconds of work, done at {time.strftime('%H:%M:%S')}"


def heavy_function_status(state: State, status: bool | int, started: str, result: str) -> None:
    if not isinstance(status, bool):
        state.progress = f"started at {started}, {status} s ago"
        notify(state, "info", "The heavy function is still running...")
        return
    state.idle = True
    if status:
        state.progress = "finished"
        state.result = result
        notify(state, "success", "The heavy function has finished!")
    else:
        state.progress = "failed"
        notify(state, "error", "The heavy function has failed.")


def on_action(state: State) -> None:
    state.idle = False
    state.progress = "started"
    notify(state, "info", "Heavy function started")
    started = time.strftime("%H:%M:%S")
    invoke_long_callback(
        state, heavy_function, [state.seconds], heavy_function_status, [started], period=1000
    )


if __name__ == "__main__":
    Gui(page=page).run(title="A long-running callback")
