"""Dash: an id in `running` that is not on the page costs the page the job's result."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import appears, browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

notes = Notes()


def program(folder: str) -> Dash:
    """Return an app whose callback names a component that is not there."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button("run", id="run"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output("misspelt", "title"), "busy", "")],
        interval=100,
    )
    def job(n_clicks: int) -> str:
        notes.write("runs")
        return "done"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.click("#run")
        is_run = notes.come(3)
        is_shown = appears(page, "#out:text('done')", 3000)  # 30 polls' time
    if is_shown and not is_run:
        raise Undecided("a result came from no job")
    print("expected: the job runs, and its result is shown")
    print(f"seen: the job {'runs' if is_run else 'does not run'}; its result is shown: {is_shown}")
    return not is_shown
