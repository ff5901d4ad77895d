"""Dash: two users with equal arguments share one result."""

import tempfile
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, ctx, html

from deviations.common.dash_page import Callback, Page
from deviations.common.outcome import Undecided


def program(folder: str) -> Any:
    """Return an app whose job answers with the name in the user's cookie."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return f"secret of {ctx.cookies['user']}"

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        app = program(folder)
        callbacks = {user: Callback(Page(app, user=user)) for user in ("first", "second")}
        handles = {user: callback.run() for user, callback in callbacks.items()}
        polls = {user: callback.poll(handles[user]).text for user, callback in callbacks.items()}
    if not any("secret of" in poll for poll in polls.values()):
        raise Undecided("nobody has got a secret")
    print("expected: the poll of each user brings their own secret")
    print(f"seen: {polls}")
    return not all(f"secret of {user}" in poll for user, poll in polls.items())
