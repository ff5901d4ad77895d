"""Dash: the result of `one` is lost after one, two, one.

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


def serve(folder: str) -> Any:
    """Return an HTTP client of an app with one background callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    app.layout = html.Div([dcc.Input(id="choice"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("choice", "value"), background=True)
    def job(value: str) -> str:
        return f"result of {value}"

    return app.server.test_client()


def send(http: Any, value: str | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "choice", "property": "value", "value": value}],
        "changedPropIds": ["choice.value"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def run(http: Any, value: str, **old: str) -> dict[str, str]:
    """Start a job, wait until its process has ended, and return its handles."""
    answer = send(http, value, **old).json
    for process in multiprocess.active_children():
        process.join(10)
    return {"cacheKey": answer["cacheKey"], "job": answer["job"]}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        first = run(http, "one")
        second = run(http, "two", oldJob=first["job"])
        third = run(http, "one", oldJob=second["job"])
        late = send(http, None, **first)  # its timer was set before it was superseded
        final = send(http, None, **third)
    print("expected: the poll of the third job brings 'result of one'")
    print(f"seen: it brings {final.status_code} {final.text!r};")
    print(f"      the late poll of the first job brought {late.status_code} {late.text!r}")
    return 0 if "result of one" in final.text else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
