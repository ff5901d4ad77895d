"""Dash: a pair of Output and value is refused in `running`.

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


def declare(folder: str, running: Any) -> None:
    """Declare a background callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output("out", "children"), Input("run", "n_clicks"), background=True, running=running
    )
    def job(n_clicks: int) -> str:
        return "done"


def main() -> int:
    status = Output("status", "children")
    print("expected: a pair of Output and value is accepted in `running`")
    with tempfile.TemporaryDirectory() as folder:
        declare(folder, [(status, "at work", "idle")])
        try:
            declare(folder, [(status, "at work")])
        except (IndexError, TypeError, ValueError) as refusal:
            print(f"seen: a triple is, a pair is not: {type(refusal).__name__}: {refusal}")
            return 1
    print("seen: a triple and a pair are accepted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
