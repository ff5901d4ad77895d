"""Dash: a dictionary that a job returns is sent to the page as if it were a Patch.

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
    from dash import Dash, DiskcacheManager, Input, Output, Patch, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


VALUE = {"__dash_patch_update": "__dash_patch_update", "operations": []}


def serve(folder: str) -> Any:
    """Return an HTTP client of an app with two jobs: one returns a dictionary, one an empty Patch."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="value"), html.Div(id="patch")])

    @app.callback(Output("value", "children"), Input("run", "n_clicks"), background=True)
    def value(n_clicks: int) -> Any:
        return VALUE

    @app.callback(Output("patch", "children"), Input("run", "n_clicks"), background=True)
    def patch(n_clicks: int) -> Any:
        return Patch()

    return app.server.test_client()


def send(http: Any, out: str, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": f"{out}.children",
        "outputs": {"id": out, "property": "children"},
        "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
        "changedPropIds": ["run.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def result(http: Any, out: str) -> Any:
    """Return what the page is given for an output, once its job has ended."""
    started = send(http, out, 1).json
    for process in multiprocess.active_children():
        process.join(10)
    poll = send(http, out, None, cacheKey=started["cacheKey"], job=started["job"])
    return poll.json["response"][out]["children"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        value, patch = result(http, "value"), result(http, "patch")
    print("expected: the page can tell the dictionary from the Patch, which changes nothing")
    print(f"seen: the dictionary is sent as {value},")
    print(f"      the Patch as {patch}")
    return int(value == patch)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
