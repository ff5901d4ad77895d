"""Dash: two users with equal arguments share one result.

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
    from dash import Dash, DiskcacheManager, Input, Output, ctx, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def build(folder: str) -> Any:
    """Return an app whose job answers with the name in the user's cookie."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return f"secret of {ctx.cookies['user']}"

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
            for process in multiprocess.active_children():
                process.join(10)
        seen = {"alice": alice.send(None), "bob": bob.send(None)}
    if not any("secret of" in answer.text for answer in seen.values()):
        print("undecided: nobody has got a secret")
        return 2
    print("expected: the poll of each user brings the own secret")
    for name, answer in seen.items():
        print(f"seen: {name} gets {answer.status_code} {answer.text!r}")
    return 0 if all(f"secret of {name}" in seen[name].text for name in seen) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
