"""Dash: a result that was emptied out of the store passes for none.

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
    """Return an HTTP client of an app whose job returns a greeting."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="name"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("name", "value"), background=True)
    def job(name: str) -> str:
        return f"Hello {name}"

    return app.server.test_client()


def send(http: Any, name: str | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "name", "property": "value", "value": name}],
        "changedPropIds": ["name.value"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def run(http: Any, name: str) -> dict[str, str]:
    """Start a job, wait until its process has ended, and return its handles."""
    answer = send(http, name).json
    for process in multiprocess.active_children():
        process.join(10)
    return {"cacheKey": answer["cacheKey"], "job": answer["job"]}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        there = send(http, None, **run(http, "Ada"))
        handles = run(http, "Grace")
        with diskcache.Cache(folder) as cache:
            cache.clear()
        emptied = send(http, None, **handles)
    print("expected: an error status, since the result is lost")
    print(
        f"seen: with the result there {there.status}, after the store was emptied {emptied.status}"
    )
    if there.status_code != 200:
        print("undecided: no result was delivered at all")
        return 2
    return 0 if emptied.status_code >= 400 else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
