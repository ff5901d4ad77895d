"""Dash: a job keeps the port of its server open after the server has closed it."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html
from werkzeug.serving import make_server

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate, accepts_connections

GATE = Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits in the gate."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        GATE.wait()
        return "done"

    return app


def deviates() -> bool:
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [])
    with callback_of(program) as callback:
        callback.start()
        GATE.reached()
        server.server_close()
        is_held = accepts_connections(server.server_port)
        GATE.open()
    print("expected: a port whose server has closed its socket refuses connections")
    print(f"seen: it accepts connections while the job runs: {is_held}")
    return is_held
