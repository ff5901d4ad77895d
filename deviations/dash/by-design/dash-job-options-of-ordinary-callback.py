"""Dash: `cancel` and `progress` are accepted for a callback without `background=True`.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

try:
    from dash import Dash, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(**option: Any) -> int:
    """Return the status of the page of an app whose author has forgotten `background=True`."""
    app = Dash()
    app.layout = html.Div([html.Button(id=id) for id in ("run", "stop", "bar", "out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), **option)
    def job(*_: Any) -> str:
        return "done"

    return int(app.server.test_client().get("/").status_code)


OPTIONS = {
    "cancel": [Input("stop", "n_clicks")],
    "progress": [Output("bar", "children")],
}


def main() -> int:
    print("expected: each is refused")
    accepted = 0
    for name, value in OPTIONS.items():
        try:
            status = serve(**{name: value})
        except Exception as error:
            print(f"seen: {name}: {type(error).__name__}: {error}")
            continue
        print(f"seen: {name}: the page is served with {status}")
        accepted += status == 200
    return int(accepted > 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
