"""Dash Labs: whoever can write into the folder of the cache runs code as the user who has started the program."""

import contextlib
import pickle
import sqlite3
from pathlib import Path
from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page


class Planted:
    """An object whose pickle leaves a file when it is loaded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return open, (str(self.file), "a")


folders = []


def program(folder: str) -> Any:
    """Return an app whose job returns a text."""
    folders.append(Path(folder))
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        return "done"

    return app


def plant(folder: Path, planted: bytes) -> None:
    """Put a pickle into the place of each value in a folder."""
    if (folder / "cache.db").exists():
        with contextlib.closing(sqlite3.connect(str(folder / "cache.db"))) as database:
            database.execute("UPDATE Cache SET value = ?, mode = 4", (planted,))  # 4: a pickle
            database.commit()
        return
    for file in folder.iterdir():
        file.write_bytes(
            file.read_bytes()[:4] + planted
        )  # the first bytes say until when it is kept


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        labs_jobs_end()
        file = folders[0] / "planted"
        plant(folders[0], pickle.dumps(Planted(file)))
        page.tick()
        has_run = file.exists()
    print("expected: what stands in the cache is not run")
    print(f"seen: {'it was run' if has_run else 'it was not run'} as the page polled")
    return has_run
