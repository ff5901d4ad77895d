"""Dash: whoever can write into the folder of the cache runs code as the user who has started the program."""

import pickle
from pathlib import Path
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided


class Planted:
    """An object whose pickle leaves a file when it is loaded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return open, (str(self.file), "a")


folders = []


def program(folder: str) -> Dash:
    """Return an app whose job returns a text."""
    folders.append(folder)
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.run()
        file = Path(folders[0], "planted")
        with diskcache.Cache(folders[0]) as cache:
            changed = "UPDATE Cache SET value = ?, mode = 4"  # 4: a pickle
            if not cache._sql(changed, (pickle.dumps(Planted(file)),)).rowcount:
                raise Undecided("the cache holds no result")
        callback.poll(handles)
        has_run = file.exists()
    print("expected: what stands in the cache is not run")
    print(f"seen: {'it was run' if has_run else 'it was not run'} as the page polled")
    return has_run
