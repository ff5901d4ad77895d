"""Dash: `cache_args_to_skip` is accepted and has no effect.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, dcc, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)


def serve(folder: str, option: str, skipped: Any) -> Any:
    """Return an HTTP client of an app that caches, and leaves its only argument out of the key."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")
    more = {option: skipped}

    @app.callback(Output("out", "children"), Input("value", "data"), background=True, **more)
    def job(value: int) -> str:
        if not first:
            gate.recv()
        return f"result {first.pop()}"

    return app.server.test_client()


def send(http: Any, value: Any, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "value", "property": "data", "value": value}],
        "changedPropIds": ["value.data"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def is_served(http: Any, stored: Any, asked: Any) -> bool:
    """Tell whether the result that is stored for one value is served for the other: the job that this
    starts waits, so that no result is there but the stored one."""
    answer = send(http, stored).json
    for process in multiprocess.active_children():
        process.join(10)
    first = send(http, None, cacheKey=answer["cacheKey"], job=answer["job"]).json
    if "response" not in first:
        raise RuntimeError(f"the first run has no result: {first}")
    answer = send(http, asked).json
    if "response" in answer:
        return True
    poll = send(http, None, cacheKey=answer["cacheKey"], job=answer["job"])
    for process in multiprocess.active_children():
        process.kill()
        process.join(10)
    return "response" in (poll.json or {})


def outcome(option: str, skipped: Any) -> str:
    """What becomes of a program with this option: refused, served (for another argument), or neither."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            http = serve(folder, option, skipped)
        except (TypeError, ValueError) as refusal:
            return f"refused: {refusal}"
        return "served" if is_served(http, 1, 2) else "no effect"


def main() -> int:
    if (known := outcome("cache_args_to_ignore", [0])) != "served":
        print(f"undecided: with cache_args_to_ignore=[0]: {known}")
        return 2
    print("expected: the argument is left out of the key; an index that there is not is refused")
    seen = {index: outcome("cache_args_to_skip", [index]) for index in (0, 7)}
    for index, what in seen.items():
        print(f"seen: with cache_args_to_skip=[{index}]: {what}")
    return 0 if seen[0] == "served" and seen[7].startswith("refused") else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
