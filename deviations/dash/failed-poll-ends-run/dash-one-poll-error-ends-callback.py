"""Dash: one failed poll ends the page's callback while its job runs."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import appears, browse
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits at the gate."""
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
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.route("**/*cacheKey=*", lambda route: route.fulfill(status=502), times=1)
        with page.expect_response(lambda response: response.status == 502):
            page.click("#run")
        early = appears(page, "#run:enabled", 1000)  # 10 polls' time
        gate.open()
        shown = appears(page, "#out:text('done')", 3000)  # 30 polls' time
    print("expected: after one 502 of a proxy the page polls on and shows 'done'")
    print(f"seen: the button is {'enabled' if early else 'disabled'} while the job runs,")
    print(f"      and 'done' is {'shown' if shown else 'never shown'} after its end")
    return early or not shown
