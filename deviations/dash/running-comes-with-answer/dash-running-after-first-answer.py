"""Dash: what `running` shows comes with the first answer, not before."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page


def program(folder: str) -> Dash:
    """Return an app that is to disable its button while a job runs."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("run", "n_clicks"),
        running=[(Output("run", "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        loaded = [callback.get("running") for callback in page.callbacks]
        updates = page.change("run.n_clicks", 1)
        jobs_end()
    late = page.answer.json.get("running") or {"run.disabled": updates.get("run.disabled")}
    print("expected: the page knows what running shows before it sends the trigger")
    print(f"seen: it knows {loaded}; the first answer brings {late}")
    return not any(loaded)
