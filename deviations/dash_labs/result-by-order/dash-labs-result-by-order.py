"""Dash Labs: a dictionary of results is taken by its order."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app with two outputs by name."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        output={"text": dl.Output("out", "children"), "title": dl.Output("out", "title")},
        args=dl.Input("run", "n_clicks"),
    )
    def job(n_clicks: int) -> dict[str, str]:
        return {"title": "of title", "text": "of text"}

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        labs_jobs_end()
        page.tick()
    text, title = page.values.get("out.children"), page.values.get("out.title")
    print("expected: out.children is 'of text', out.title is 'of title'")
    print(f"seen: {text!r}, {title!r}")
    return (text, title) != ("of text", "of title")
