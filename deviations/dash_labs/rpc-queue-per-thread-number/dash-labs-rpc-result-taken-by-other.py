"""Dash Labs: with rpc results, of two jobs at once one never delivers.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

try:
    import dash_html_components as html
    import dash_labs as dl
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
    from celery.signals import task_postrun
    from dash import Dash
    from dash_labs.plugins import CeleryCallbackManager
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

over = threading.Semaphore(0)


@task_postrun.connect
def ends(**_: Any) -> None:
    """The outcome of a task is stored."""
    over.release()


def build(celery_app: Celery) -> Any:
    """Return an app with two callbacks, whose jobs return what they are given."""
    app = Dash(
        __name__,
        plugins=[
            dl.plugins.FlexibleCallbacks(),
            dl.plugins.HiddenComponents(),
            dl.plugins.LongCallback(CeleryCallbackManager(celery_app)),
        ],
        prevent_initial_callbacks=True,
    )
    ids = ("first", "second")
    parts = [*(html.Button(id=id) for id in ids), html.Div(id="out"), html.Div(id="other")]
    app.layout = html.Div(parts)

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("first", "value"))
    def first(value: str) -> str:
        return value

    @app.long_callback(output=dl.Output("other", "children"), args=dl.Input("second", "value"))
    def second(value: str) -> str:
        return value

    return app


def in_thread(ident: int, act: Callable[[], Any]) -> int:
    """Act in a thread of its own, as a threaded server answers a request, and return the thread's ident.
    It is one that an earlier thread had, if an ident is given: they are used again."""
    done = []

    def acts() -> None:
        if ident in (0, threading.get_ident()):
            act()
            done.append(threading.get_ident())

    for _ in range(1000):
        thread = threading.Thread(target=acts)
        thread.start()
        thread.join()
        if done:
            return done[0]
    raise RuntimeError("no thread has the ident of the first")


class Page:
    """What the renderer of that time does: a tick of the hidden timer asks for news of the job."""

    def __init__(self, app: Any) -> None:
        self.http = app.server.test_client()
        self.values = dict(found(self.http.get("/_dash-layout").json))
        self.specs = self.http.get("/_dash-dependencies").json

    def change(self, prop: str, value: Any) -> Any:
        """Give a property a value, call its callback, apply the answer and return it."""
        self.values[prop] = value
        [spec] = [one for one in self.specs if prop in map(name, one["inputs"])]
        outputs = spec["output"].strip(".").split("...")
        pairs = [one.rpartition(".") for one in outputs]
        body = {
            "output": spec["output"],
            "outputs": [{"id": parsed(id), "property": prop} for id, _, prop in pairs],
            "inputs": [self.valued(one) for one in spec["inputs"]],
            "state": [self.valued(one) for one in spec["state"]],
            "changedPropIds": [prop],
        }
        answer = self.http.post("/_dash-update-component", json=body)
        response = answer.json.get("response", {}) if answer.status_code == 200 else {}
        told = {f"{id}.{one}": new for id, given in response.items() for one, new in given.items()}
        self.values.update(told)
        return told

    @property
    def timers(self) -> list[str]:
        """The hidden timers that are on."""
        timers = [name(i) for spec in self.specs for i in spec["inputs"] if "n_int" in name(i)]
        return [one for one in timers if not self.values[one.replace(".n_intervals", ".disabled")]]

    def tick(self, timer: str) -> Any:
        """Let a timer tick once."""
        return self.change(timer, (self.values.get(timer) or 0) + 1)

    def valued(self, dependency: dict[str, str]) -> dict[str, Any]:
        given = {"id": parsed(dependency["id"]), "property": dependency["property"]}
        return {**given, "value": self.values.get(name(dependency))}


def name(dependency: dict[str, str]) -> str:
    return f"{dependency['id']}.{dependency['property']}"


def parsed(id: str) -> Any:
    return json.loads(id) if id.startswith("{") else id


def found(part: Any) -> Iterator[tuple[str, Any]]:
    """The properties in a layout."""
    if isinstance(part, list):
        for one in part:
            yield from found(one)
    elif isinstance(part, dict) and "props" in part:
        id = part["props"].get("id")
        if isinstance(id, dict):
            id = json.dumps(id, sort_keys=True, separators=(",", ":"))
        yield from ((f"{id}.{prop}", value) for prop, value in part["props"].items() if id)
        yield from found(part["props"].get("children"))


def shown(threads: int) -> tuple[Any, Any]:
    """What the two outputs show after their jobs, started by so many threads with one ident, have ended."""
    celery_app = Celery(__name__, broker="memory://", backend="rpc://")
    celery_app.conf.broker_transport_options = {"polling_interval": 0.01}
    page = Page(build(celery_app))

    def click(button: str) -> Callable[[], Any]:
        return lambda: page.change(f"{button}.value", button)

    with start_worker(celery_app, perform_ping_check=False):
        if threads == 1:
            in_thread(0, lambda: [click("first")(), click("second")()])
        else:
            in_thread(in_thread(0, click("first")), click("second"))
        for _ in range(2):
            if not over.acquire(timeout=10):
                raise RuntimeError("a job does not end")
        for _ in range(3):
            for timer in page.timers:
                page.tick(timer)
    return page.values.get("out.children"), page.values.get("other.children")


def main() -> int:
    usual, threaded = shown(threads=1), shown(threads=2)
    if usual != ("first", "second"):
        raise RuntimeError(f"the results of one thread do not come: {usual}")
    print("expected: both pairs of results are first and second")
    print(f"seen: of one thread {usual}, of two threads {threaded}")
    return 0 if threaded == usual else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
