"""Dash: `cache_by` of a callback is accepted and has no effect.

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


def serve(folder: str, by_manager: Any, by_callback: Any) -> Any:
    """Return an HTTP client of an app that caches by what its manager and its callback are given."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=by_manager)
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")
    more = {"cache_by": by_callback} if by_callback else {}

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


def version() -> str:
    return "version 1"


def main() -> int:
    seen = {}
    cases = {
        "manager": ([version], None),
        "callback, functions": (None, [version]),
        "callback, inputs": (None, [Input("value", "data")]),
    }
    print("expected: each of these is refused, or lets a stored result be served again")
    for name, (by_manager, by_callback) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            try:
                http = serve(folder, by_manager, by_callback)
            except (TypeError, ValueError) as refusal:
                print(f"seen: {name}: refused: {refusal}")
                continue
            seen[name] = is_served(http, 1, 1)
            print(f"seen: {name}: {'served' if seen[name] else 'accepted, and nothing is served'}")
    if not seen["manager"]:
        print("undecided: nothing is served at all")
        return 2
    return 0 if all(seen.values()) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
