"""Dash: an option that no callback knows is accepted, and nothing comes of it.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile

try:
    import diskcache
    from dash import Dash, DiskcacheManager, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str) -> int:
    """Return the status of the page of an app whose author has misspelt `cancel`."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="stop"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        cancell=[Input("stop", "n_clicks")],
    )
    def job(n_clicks: int) -> str:
        return "done"

    return int(app.server.test_client().get("/").status_code)


def main() -> int:
    print("expected: an error that names cancell")
    try:
        with tempfile.TemporaryDirectory() as folder:
            status = serve(folder)
    except Exception as error:
        print(f"seen: {type(error).__name__}: {error}")
        return 0 if "cancell" in str(error) else 2
    print(f"seen: the page is served with {status}")
    return 1 if status == 200 else 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
