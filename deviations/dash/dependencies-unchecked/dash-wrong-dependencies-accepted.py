"""Dash: a dependency of the wrong kind in `running`, `cancel` and `progress` is accepted."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, State, html

from deviations.common.dash_page import page_of

MISTAKES = {
    "running, an Input": {"running": [(Input("run", "disabled"), True, False)]},
    "running, four elements": {"running": [(Output("run", "disabled"), True, False, None)]},
    "cancel, a State": {"cancel": [State("stop", "n_clicks")]},
    "progress, an Input": {"progress": [Input("bar", "children")]},
}


def program(folder: str, mistake: dict[str, Any]) -> Dash:
    """Return an app with a mistake in an option of its callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id=part) for part in ("run", "stop", "bar", "out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True, **mistake)
    def job(*_: Any) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: each is refused")
    accepted = 0
    for name, mistake in MISTAKES.items():
        try:
            with page_of(program, mistake) as page:
                status = page.loaded.status_code
        except Exception as error:
            print(f"seen: {name}: {type(error).__name__}: {error}")
            continue
        print(f"seen: {name}: the page is served with {status}")
        accepted += status == 200
    return accepted > 0
