"""Dash: the order of a dictionary's keys is part of the cache key.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
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


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job ends when it is the first, and else waits."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")

    @app.callback(Output("out", "children"), Input("value", "data"), background=True)
    def job(value: dict[str, int]) -> str:
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
    data = json.dumps(body)  # as it stands: a test client would sort the keys
    kind = "application/json"
    return http.post("/_dash-update-component", data=data, content_type=kind, query_string=handles)


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


def main() -> int:
    seen = {}
    for name, asked in {"same": {"a": 1, "b": 2}, "other": {"b": 2, "a": 1}}.items():
        with tempfile.TemporaryDirectory() as folder:
            seen[name] = is_served(serve(folder), {"a": 1, "b": 2}, asked)
    if not seen["same"]:
        print("undecided: the stored result is not even served for the same order")
        return 2
    print("expected: the stored result is served whatever the order of the keys")
    print(f"seen: in the same order {seen['same']}, in the other order {seen['other']}")
    return 0 if seen["other"] else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
