"""Dash Labs: a lost answer makes the job run again."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page
from deviations.common.waiting import Notes

executions = Notes()


def program(folder: str) -> Any:
    """Return an app whose job notes that it was executed."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        executions.write("executed")
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        labs_jobs_end()
        values = dict(page.values)
        lost = page.tick().get("out.children")
        page.values = values  # the answer is lost
        repeated = page.tick().get("out.children")
        labs_jobs_end()
    executions.read()
    executed_again = executions.come(0)
    print("expected: the result is sent again, and the job is executed once")
    print(f"seen: first {lost!r}, then {repeated!r}; executed again: {executed_again}")
    return executed_again or repeated != "done"
