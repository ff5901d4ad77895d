"""Dash: the log of the server that it starts holds the handles of a page."""

import contextlib
import io
import json
import logging
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html
from werkzeug.serving import make_server

from deviations.common.dash_page import Callback, Page, request_body
from deviations.common.jobs import kill_jobs
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    printed = io.StringIO()
    log = logging.getLogger("werkzeug")
    log.setLevel(logging.INFO)  # as the server sets it that `app.run` starts
    log.addHandler(logging.StreamHandler(printed))
    with tempfile.TemporaryDirectory() as folder:
        app = program(folder)
        page = Page(app)
        handles = Callback(page).start()
        gate.reached()
        server = make_server("127.0.0.1", 0, app.server)
        threading.Thread(target=server.serve_forever).start()
        query = urllib.parse.urlencode({**page.query, **handles})
        poll = urllib.request.Request(
            f"http://127.0.0.1:{server.server_port}/_dash-update-component?{query}",
            data=json.dumps(request_body("out.children", "run.n_clicks", None)).encode(),
            headers={"Content-Type": "application/json"},
        )
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                poll, timeout=10
            ).close()
        server.shutdown()
        kill_jobs()
    print("expected: the log holds no handle")
    print(f"seen: {printed.getvalue().strip()}")
    return handles["cacheKey"].partition("~")[0] in printed.getvalue()
