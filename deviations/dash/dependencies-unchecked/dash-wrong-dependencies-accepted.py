"""Dash: a dependency of the wrong kind in `running`, `cancel` and `progress` is accepted.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    from dash import Dash, DiskcacheManager, Input, Output, State, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str, **mistake: Any) -> int:
    """Return the status of the page of an app with a mistake in an option of its callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    ids = ("run", "stop", "bar", "out")
    app.layout = html.Div([html.Button(id=id) for id in ids])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True, **mistake)
    def job(*_: Any) -> str:
        return "done"

    return int(app.server.test_client().get("/").status_code)


MISTAKES = {
    "running, an Input": {"running": [(Input("run", "disabled"), True, False)]},
    "running, four elements": {"running": [(Output("run", "disabled"), True, False, None)]},
    "cancel, a State": {"cancel": [State("stop", "n_clicks")]},
    "progress, an Input": {"progress": [Input("bar", "children")]},
}


def main() -> int:
    print("expected: each is refused")
    accepted = 0
    for name, mistake in MISTAKES.items():
        try:
            with tempfile.TemporaryDirectory() as folder:
                status = serve(folder, **mistake)
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
