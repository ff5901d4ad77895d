"""Dash: one lost poll leaves `running` on for good."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import appears, browse


def program(folder: str) -> Dash:
    """Return an app whose button is disabled while its job runs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button("Run", id="run"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output("run", "disabled"), True, False)],
        interval=100,
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.route("**/*cacheKey=*", lambda route: route.abort(), times=1)
        with page.expect_event("requestfailed"):
            page.click("#run")
        is_enabled = appears(page, "#run:enabled", 3000)  # 30 polls' time
        out = page.inner_text("#out")
    print("expected: after one lost poll the next one brings 'done', and the button is enabled")
    print(
        f"seen: 3 s later the button is {'enabled' if is_enabled else 'disabled'}, out is {out!r}"
    )
    return not is_enabled
