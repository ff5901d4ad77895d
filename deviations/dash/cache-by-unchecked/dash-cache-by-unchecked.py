"""Dash: a `cache_by` that holds no function is accepted, and each trigger fails.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    from dash import Dash, DiskcacheManager, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose manager has a number in its `cache_by`."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[1])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app.server.test_client()


def send(http: Any, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
        "changedPropIds": ["run.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def main() -> int:
    print("expected: an error where the manager is made, that names cache_by")
    with tempfile.TemporaryDirectory() as folder:
        try:
            http = serve(folder)
        except Exception as error:
            print(f"seen: {type(error).__name__}: {error}")
            return 0
        page, trigger = http.get("/").status_code, send(http, 1).status_code
    print(f"seen: the page is served with {page}, the first trigger is answered with {trigger}")
    return 1 if (page, trigger) == (200, 500) else 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
