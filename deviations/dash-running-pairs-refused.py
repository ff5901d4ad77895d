"""Dash: `running` as a list of pairs is refused.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import sys
import tempfile
import traceback

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def declare(folder: str) -> None:
    """Declare a background callback with a pair in `running`."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="status"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        running=[(Output("status", "children"), "at work")],
    )
    def job(n_clicks: int) -> str:
        return "done"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        print("expected: pairs are accepted, or the refusal says that triples are needed")
        try:
            declare(folder)
        except IndexError as refusal:
            print(f"seen: IndexError: {refusal}")
            return 1
        except (TypeError, ValueError) as refusal:
            print(f"seen: {refusal}")
            return 0
    print("seen: they are accepted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        traceback.print_exc()
        sys.exit(2)
