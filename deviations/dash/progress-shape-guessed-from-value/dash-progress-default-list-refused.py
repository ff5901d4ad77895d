"""Dash: a list is refused as the default of a single progress Output.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    from dash import Dash, DiskcacheManager, Input, Output
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def declare(folder: str, default: Any) -> None:
    """Declare a background callback whose progress is a single Output."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("found", "options"),
        progress_default=default,
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"


def main() -> int:
    print("expected: any value is accepted as the default of a single progress Output")
    with tempfile.TemporaryDirectory() as folder:
        declare(folder, "nothing yet")
        try:
            declare(folder, ["Oslo", "Rome"])
        except Exception as refusal:  # what Dash raises is a plain Exception
            print(f"seen: a text is, a list is not: {type(refusal).__name__}: {refusal}")
            return 1
    print("seen: a text and a list are accepted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
