"""Dash: what a job has set by `set_props` is lost when it raises.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, html, set_props
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job says why it fails, and then fails."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])
    app.logger.disabled = True

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        set_props("note", {"children": "row 7 has no date"})
        raise ValueError("the file cannot be read")

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
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        started = send(http, 1).json
        for process in multiprocess.active_children():
            process.join(10)
        answer = send(http, None, cacheKey=started["cacheKey"], job=started["job"])
    # The renderer stops polling after any answer that is not a 200 without a response.
    over = answer.status_code != 200 or "response" in answer.json
    print("expected: the answer that ends the polling, or one before it, brings the note")
    print(
        f"seen: the first poll is answered with {answer.status_code}; the note is in it:", end=" "
    )
    print("row 7" in answer.text)
    return 1 if over and "row 7" not in answer.text else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
