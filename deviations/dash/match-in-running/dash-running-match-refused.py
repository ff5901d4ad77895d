"""Dash: `MATCH` in `running` is refused.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    from dash import MATCH, Dash, DiskcacheManager, Input, Output
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def declare(folder: str, **options: Any) -> None:
    """Declare a background callback of rows."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    row = {"type": "out", "index": MATCH}

    @app.callback(
        Output(row, "children"),
        Input({"type": "go", "index": MATCH}, "n_clicks"),
        background=True,
        **options,
    )
    def job(n_clicks: int) -> str:
        return "done"


def main() -> int:
    disabled = (Output({"type": "go", "index": MATCH}, "disabled"), True, False)
    print("expected: `running` may name a property of the row that is triggered")
    with tempfile.TemporaryDirectory() as folder:
        declare(folder)
        try:
            declare(folder, running=[disabled])
        except Exception as refusal:
            print(f"seen: {type(refusal).__name__}: {refusal}")
            return 1
    print("seen: it is accepted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
