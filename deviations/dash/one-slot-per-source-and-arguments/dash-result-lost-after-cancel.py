"""Dash: the result of a run is lost when it follows the cancel of an equal one.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job waits at the gate and can be cancelled."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(i, id=i) for i in ("load", "cancel")] + [html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("load", "value"),
        background=True,
        cancel=Input("cancel", "n_clicks"),
    )
    def job(value: str) -> str:
        gate.recv()
        return f"result of {value}"

    return app.server.test_client()


def send(http: Any, output: str, changed: str, value: Any, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": output,
        "outputs": dict(zip(("id", "property"), output.split("."), strict=True)),
        "inputs": [dict(zip(("id", "property"), changed.split("."), strict=True), value=value)],
        "changedPropIds": [changed],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def start(http: Any, **old: str) -> dict[str, str]:
    """Start a job with the argument `one`, and return its handles."""
    answer = send(http, "out.children", "load.value", "one", **old).json
    return {"cacheKey": answer["cacheKey"], "job": answer["job"]}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        http.get("/")  # the first page sets the cancel callback up
        first = start(http)
        send(http, "cancel.id", "cancel.n_clicks", 1, cancelJob=first["job"])
        second = start(http, oldJob=first["job"])
        gate_opener.send("finish")
        for process in multiprocess.active_children():
            process.join(10)
        late = send(http, "out.children", "load.value", None, **first)  # its timer was set
        final = send(http, "out.children", "load.value", None, **second)
    print("expected: the poll of the second job brings 'result of one'")
    print(f"seen: it brings {final.status_code} {final.text!r};")
    print(f"      the late poll of the cancelled job brought {late.text!r}")
    return 0 if "result of one" in final.text else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
