"""Dash: a long callback has a context."""

import diskcache
from dash import Dash, callback_context, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Notes

triggers = Notes()


def program(folder: str) -> Dash:
    """Return an app whose job notes what has triggered it."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("run", "n_clicks"),
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> str:
        triggers.write([trigger["prop_id"] for trigger in callback_context.triggered])
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        jobs_end()
    seen = triggers.read(0) if triggers.come(0) else []
    print("expected: the context of the job is empty")
    print(f"seen: {seen}")
    return bool(seen)
