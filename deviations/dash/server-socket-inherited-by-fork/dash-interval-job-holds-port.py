"""Dash: a long callback's job keeps the port of its server open after the server has closed it."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager
from werkzeug.serving import make_server

from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate, accepts_connections

GATE = Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits in the gate."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        GATE.wait()
        return "done"

    return app


def deviates() -> bool:
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [])
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        GATE.reached()
        server.server_close()
        is_held = accepts_connections(server.server_port)
        GATE.open()
    print("expected: a port whose server has closed its socket refuses connections")
    print(f"seen: it accepts connections while the job runs: {is_held}")
    return is_held
