"""Dash: one user sees what the job of another sets by `set_props`.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import re
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

gate, gate_opener = multiprocess.Pipe(duplex=False)
reported, report = multiprocess.Pipe(duplex=False)
first = multiprocess.Lock()


def build(folder: str) -> Any:
    """Return an app whose job sets a note for one user alone, and waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
    )
    def job(n_clicks: int) -> None:
        if first.acquire(block=False):  # the job of Alice, who clicks first
            set_props("note", {"children": "reading the letters of alice"})
        report.send("said")
        gate.recv()

    return app


class User:
    """One user's page, with a cookie and a page load of its own."""

    def __init__(self, app: Any, name: str) -> None:
        self.http = app.server.test_client()
        self.http.set_cookie("user", name)
        end_id = re.search(r'"end_id":"([^"]+)"', self.http.get("/").text)
        self.query = {"endId": end_id[1]} if end_id else {}

    def send(self, clicks: int | None) -> Any:
        body = {
            "output": "out.children",
            "outputs": {"id": "out", "property": "children"},
            "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
            "changedPropIds": ["run.n_clicks"],
        }
        return self.http.post("/_dash-update-component", json=body, query_string=self.query)

    def click(self) -> None:
        """Start a job."""
        answer = self.send(1).json
        self.query.update(cacheKey=answer["cacheKey"], job=answer["job"])


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = build(folder)
        alice, bob = User(app, "alice"), User(app, "bob")
        for user in (alice, bob):
            user.click()
            if not reported.poll(10):
                raise RuntimeError("the job did not start")
            reported.recv()
        seen = bob.send(None)
        for process in multiprocess.active_children():
            process.kill()
            process.join(10)
    print("expected: the poll of Bob brings no note, as his job has set none")
    print(f"seen: {seen.status_code} {seen.text!r}")
    return 1 if "alice" in seen.text else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
