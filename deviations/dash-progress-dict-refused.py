"""Dash: a dict of Outputs is refused as progress.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def declare(folder: str) -> None:
    """Declare a background callback whose progress is a dict of Outputs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress={"now": Output("bar", "value"), "total": Output("bar", "max")},
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress({"now": "5", "total": "10"})
        return "done"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        print("expected: a grouping of Outputs is accepted as progress")
        try:
            declare(folder)
        except AttributeError as refusal:
            print(f"seen: AttributeError: {refusal}")
            return 1
    print("seen: it is accepted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        traceback.print_exc()
        sys.exit(2)
