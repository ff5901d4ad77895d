"""Dash Labs: a Celery app that keeps no results is accepted.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys

try:
    import dash_html_components as html
    import dash_labs as dl
    from celery import Celery
    from dash import Dash
    from dash_labs.plugins import CeleryCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def declares(celery_app: Celery) -> str:
    """Declare a long callback, and return what the release says against it."""
    try:
        manager = CeleryCallbackManager(celery_app)
        app = Dash(
            __name__,
            plugins=[
                dl.plugins.FlexibleCallbacks(),
                dl.plugins.HiddenComponents(),
                dl.plugins.LongCallback(manager),
            ],
        )
        app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

        @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
        def job(n_clicks: int) -> str:
            return "done"
    except Exception as error:
        return repr(error)
    return ""


def main() -> int:
    usual = declares(Celery("usual", broker="memory://", backend="cache+memory://"))
    if usual:
        raise RuntimeError(f"a Celery app that keeps results is refused: {usual}")
    refused = declares(Celery("forgetful", broker="memory://"))
    print("expected: a Celery app without a result backend is refused")
    print(f"seen: {refused or 'it is accepted'}")
    return 0 if refused else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
