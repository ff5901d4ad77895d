"""Dash: a callback without Output ends the polling of another one."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.browser import appears, browse
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Dash:
    """Return an app with a background and an ordinary callback, both without Output."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    buttons = [html.Button(button, id=button) for button in ("run", "look")]
    app.layout = html.Div([*buttons, html.Div(id="note")])

    @app.callback(
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output("run", "disabled"), True, False)],
        interval=100,
    )
    def job(n_clicks: int) -> None:
        gate.wait()

    @app.callback(Input("look", "n_clicks"), prevent_initial_call=True)
    def look(looks: int) -> None:
        set_props("note", {"children": "looked"})

    return app


def deviates() -> bool:
    with browse(program) as page:
        with page.expect_response("**/*cacheKey=*"):
            page.click("#run")
        page.click("#look")
        page.wait_for_selector("#note:text('looked')")
        gate.open()
        is_enabled = appears(page, "#run:enabled", 3000)  # 30 polls' time
    print("expected: the button is enabled after the end of its job")
    print(f"seen: 3 s later it is {'enabled' if is_enabled else 'disabled'}")
    return not is_enabled
