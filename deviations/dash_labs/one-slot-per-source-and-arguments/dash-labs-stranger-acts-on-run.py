"""Dash Labs: a page is given the result of another user's job, whose handle it knows."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app whose job returns a secret."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        return "the secret of Alice"

    return app


def deviates() -> bool:
    with labs_page(program) as alice:
        alice.change("run.n_clicks", 1)
        labs_jobs_end()
        bob = alice.another()
        known = (".data", ".disabled")  # of the hidden store, and of the timer that sends it
        bob.values.update({p: value for p, value in alice.values.items() if p.endswith(known)})
        updates = bob.tick()
    print("expected: a page that has started no job is given no result")
    print(f"seen: Bob's page is given {updates.get('out.children')!r}")
    return "secret" in str(updates)
