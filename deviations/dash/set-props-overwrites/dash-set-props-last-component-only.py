"""Dash: of the components that a job sets between two polls, only the last one is."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job sets two components and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    texts = [html.Div(id=text) for text in ("first", "second", "out")]
    app.layout = html.Div([html.Button(id="run"), *texts])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        set_props("first", {"children": "1"})
        set_props("second", {"children": "2"})
        gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        updates = [callback.poll(handles).json.get("sideUpdate", {}) for _ in range(3)]
    print("expected: the polls bring the new children of `first` and of `second`")
    print(f"seen: {updates}")
    components = {component for update in updates for component in update}
    return not {"first", "second"} <= components
