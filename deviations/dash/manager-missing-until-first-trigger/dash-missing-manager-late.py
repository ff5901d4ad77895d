"""Dash: a background callback without a manager fails at its first trigger only.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

try:
    from dash import Dash, Input, Output, html
    from dash.exceptions import DashException
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve() -> Any:
    """Return an HTTP client of an app that has no manager."""
    app = Dash()
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
    print("expected: an error where it is declared, or when the app serves its first page")
    try:
        http = serve()
        page = http.get("/")
    except DashException as refusal:
        print(f"seen: {type(refusal).__name__}: {str(refusal).splitlines()[0]}")
        return 0
    answer = send(http, 1)
    print(f"seen: the page is served with {page.status_code},")
    print(f"      the first trigger is answered with {answer.status_code}")
    return 1 if page.status_code == 200 and answer.status_code == 500 else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
