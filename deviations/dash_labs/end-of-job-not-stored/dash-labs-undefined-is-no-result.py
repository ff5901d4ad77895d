"""Dash Labs: a text is taken for no result."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app whose job returns a text."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        return "__undefined__"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        labs_jobs_end()
        out = page.tick().get("out.children")
    print("expected: out.children is __undefined__")
    print(f"seen: {out}")
    return bool(out != "__undefined__")
