"""Dash: an id that is a dictionary, in `running`, costs the page the job's result."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import appears, browse


def program(folder: str) -> Dash:
    """Return an app whose button has an id with keys, and is disabled while its job runs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    run = {"type": "run", "index": 1}
    app.layout = html.Div([html.Button("run", id=run, className="run"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input(run, "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output(run, "disabled"), True, False)],
        interval=100,
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.click(".run")
        is_shown = appears(page, "#out:text('done')", 3000)  # 30 polls' time
    print("expected: the result is shown")
    print(f"seen: within 3 s it is {'shown' if is_shown else 'not shown'}")
    return not is_shown
