"""Dash: a long callback whose job failed is executed again at each tick."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Notes

executions = Notes()


def program(folder: str) -> Dash:
    """Return an app whose job notes that it was executed, and raises."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> None:
        executions.write("executed")
        raise ValueError("no")

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        jobs_end()
        page.tick()
        jobs_end()
    executions.read()
    executed_again = executions.come(0)
    print("expected: one execution, and an error")
    print(f"seen: {'two executions' if executed_again else 'one execution'}")
    return executed_again
