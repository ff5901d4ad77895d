"""Dash: a job without an Output that raises PreventUpdate is shown as an error."""

import diskcache
from dash import Dash, DiskcacheManager, Input, html, set_props
from dash.exceptions import PreventUpdate

from deviations.common.dash_page import dependency, page_of
from deviations.common.jobs import jobs_end


def program(folder: str) -> Dash:
    """Return an app whose job has nothing to do."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note")])

    @app.callback(Input("run", "n_clicks"), background=True, prevent_initial_call=True)
    def job(n_clicks: int) -> None:
        set_props("note", {"children": "nothing new"})
        raise PreventUpdate

    return app


def deviates() -> bool:
    with page_of(program) as page:
        [callback] = page.http.get("/_dash-dependencies").json
        click = {**dependency("run.n_clicks"), "value": 1}
        body = {"output": callback["output"], "inputs": [click], "changedPropIds": ["run.n_clicks"]}
        handles = page.post(body).json
        jobs_end()
        answer = page.post(body, cacheKey=handles["cacheKey"], job=handles["job"])
    print("expected: an answer with the note, and no error")
    print(f"seen: {answer.status}")
    return answer.status_code >= 500
