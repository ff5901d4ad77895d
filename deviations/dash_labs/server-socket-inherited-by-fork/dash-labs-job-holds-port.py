"""Dash Labs: a job keeps the port of its server open after the server has closed it."""

from typing import Any

import dash_html_components as html
import dash_labs as dl
from werkzeug.serving import make_server

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.waiting import Gate, accepts_connections

GATE = Gate()


def program(folder: str) -> Any:
    """Return an app whose job waits in the gate."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        GATE.wait()
        return "done"

    return app


def deviates() -> bool:
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [])
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        GATE.reached()
        server.server_close()
        is_held = accepts_connections(server.server_port)
        GATE.open()
    print("expected: a port whose server has closed its socket refuses connections")
    print(f"seen: it accepts connections while the job runs: {is_held}")
    return is_held
