"""Dash: one instance of a callback with `MATCH` shows the result of another."""

from typing import Any

import diskcache
from dash import MATCH, Dash, DiskcacheManager, Input, Output, ctx, html

from deviations.common.dash_page import Page, page_of
from deviations.common.jobs import jobs_end
from deviations.common.waiting import Gate

gate = Gate()
ROWS = (1, 2)


def program(folder: str) -> Dash:
    """Return an app with two rows; the job of a row returns the row's number."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([])
    for index in ROWS:
        button, out = {"type": "run", "index": index}, {"type": "out", "index": index}
        app.layout.children += [html.Button(id=button), html.Div(id=out)]

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "run", "index": MATCH}, "n_clicks"),
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return f"row {ctx.triggered_id['index']}"

    return app


def send(page: Page, index: int, clicks: int | None, **query: str) -> Any:
    """Send what the renderer sends for a row: a trigger, or, with the handles of a job, a poll."""
    button, out = {"index": index, "type": "run"}, {"index": index, "type": "out"}
    body = {
        "output": '{"index":["MATCH"],"type":"out"}.children',
        "outputs": {"id": out, "property": "children"},
        "inputs": [{"id": button, "property": "n_clicks", "value": clicks}],
        "changedPropIds": [f'{{"index":{index},"type":"run"}}.n_clicks'],
    }
    return page.post(body, **query)


def deviates() -> bool:
    handles = {}
    with page_of(program) as page:
        for index in ROWS:
            answer = send(page, index, 1).json
            handles[index] = {"cacheKey": answer["cacheKey"], "job": answer["job"]}
            gate.reached()
        for _ in ROWS:
            gate.open()
        jobs_end()
        polls = {index: send(page, index, None, **handles[index]) for index in ROWS}
    print("expected: the first poll of each row brings its own result")
    print("seen:", {index: (poll.status_code, poll.text) for index, poll in polls.items()})
    return not all(f"row {index}" in poll.text for index, poll in polls.items())
