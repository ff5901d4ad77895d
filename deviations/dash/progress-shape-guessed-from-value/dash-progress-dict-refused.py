"""Dash: a dict of Outputs is refused as progress.

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


def declare(folder: str, progress: Any) -> None:
    """Declare a background callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output("out", "children"), Input("run", "n_clicks"), background=True, progress=progress
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"


def main() -> int:
    now, total = Output("bar", "value"), Output("bar", "max")
    print("expected: a grouping of Outputs is accepted as progress")
    with tempfile.TemporaryDirectory() as folder:
        declare(folder, [now, total])
        try:
            declare(folder, {"now": now, "total": total})
        except (AttributeError, TypeError, ValueError) as refusal:
            print(f"seen: a list is accepted, a dict is not: {type(refusal).__name__}: {refusal}")
            return 1
    print("seen: a list and a dict are accepted")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
