"""Dash: a page is given the result of another user's job, whose handles it knows."""

import tempfile

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, Page


def program(folder: str) -> Dash:
    """Return an app whose job returns a secret."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        return "the secret of Alice"

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        app = program(folder)
        alice, bob = Callback(Page(app)), Callback(Page(app))
        handles = alice.run()
        polls = {"Bob": bob.poll(handles), "Alice": alice.poll(handles)}
    print("expected: the result is given to Alice, who has started the job, and not to Bob")
    print(
        "seen:",
        {user: f"{poll.status_code} {poll.get_data(as_text=True)}" for user, poll in polls.items()},
    )
    return "secret" in polls["Bob"].get_data(as_text=True)
