"""Dash: a lost answer makes a long callback run its job again."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Notes

executions = Notes()


def program(folder: str) -> Dash:
    """Return an app whose job notes that it was executed."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        executions.write("executed")
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        jobs_end()
        values = dict(page.values)
        lost = page.tick().get("out.children")
        page.values = values  # the answer is lost
        repeated = page.tick().get("out.children")
        jobs_end()
    executions.read()
    executed_again = executions.come(0)
    print("expected: the result is sent again, and the job is executed once")
    print(f"seen: first {lost!r}, then {repeated!r}; executed again: {executed_again}")
    return executed_again or repeated != "done"
