"""Dash Labs: what `running` shows comes with the first answer, not before."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app whose button is disabled while a job runs."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        running=[(dl.Output("run", "disabled"), True, False)],
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        at_load = [callback.get("running") for callback in page.callbacks]
        updates = page.change("run.n_clicks", 1)
    print("expected: the page has the on value of running before it sends the trigger")
    print(f"seen: it has {at_load}; the first answer brings {updates.get('run.disabled')}")
    return not any(at_load)
