"""Dash: the result of a run is lost when it follows the cancel of an equal one."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import jobs_end
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits at the gate and can be cancelled."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([*(html.Button(id=i) for i in ("load", "cancel")), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("load", "value"),
        background=True,
        cancel=Input("cancel", "n_clicks"),
    )
    def job(value: str) -> str:
        gate.wait()
        return f"result of {value}"

    return app


def deviates() -> bool:
    with callback_of(program, trigger="load.value") as callback:
        first = callback.start("one")
        callback.page.cancel(first["job"])
        second = callback.start("one", oldJob=first["job"])
        gate.open()
        jobs_end()
        late = callback.poll(first)  # its timer was set
        final = callback.poll(second)
    print("expected: the poll of the second job brings 'result of one'")
    print(f"seen: it brings {final.status_code} {final.text!r};")
    print(f"      the late poll of the cancelled job brought {late.text!r}")
    return "result of one" not in final.text
