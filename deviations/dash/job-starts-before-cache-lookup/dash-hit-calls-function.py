"""Dash: a function is called although its result is in the cache.

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


def serve(folder: str, calls: Any) -> Any:
    """Return an HTTP client of an app that caches its results."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("value", "data"), background=True)
    def job(value: int) -> str:
        calls.append(value)
        return "done"

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


def trigger(http: Any) -> dict[str, str]:
    """Trigger the callback, wait until each process that this has started is dead, return its handles."""
    answer = send(http, 1).json
    for process in multiprocess.active_children():
        process.join(10)
    return {name: answer[name] for name in ("cacheKey", "job") if name in answer}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        calls = diskcache.Deque(directory=folder + "/calls")
        http = serve(folder, calls)
        first = send(http, None, **trigger(http)).text
        if "done" not in first:
            print(f"undecided: the first run brings {first!r}")
            return 2
        trigger(http)
        called = len(calls)
    print("expected: after two equal triggers the function was called once")
    print(f"seen: it was called {called} times")
    return 1 if called > 1 else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
