"""Dash: of two patches that a job makes between two polls, the first is lost."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, Patch, dcc, html, set_props

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job appends two lines to its log and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    log = dcc.Store(id="log", data=[])
    app.layout = html.Div([html.Button(id="run"), log, html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        for line in ("a", "b"):
            patch = Patch()
            patch.append(line)
            set_props("log", {"data": patch})
        gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        updates = [callback.poll(handles).json.get("sideUpdate") for _ in range(3)]
    patches = [update["log"]["data"] for update in updates if update]
    lines = [step["params"]["value"] for patch in patches for step in patch["operations"]]
    print("expected: the polls bring the operations that append a and b")
    print(f"seen: they append {lines}")
    return lines == ["b"]
