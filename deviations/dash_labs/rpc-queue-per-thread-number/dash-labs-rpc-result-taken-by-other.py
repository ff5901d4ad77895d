"""Dash Labs: with rpc results, of two jobs at once one never delivers."""

import threading
from collections.abc import Callable
from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery import Celery
from celery.contrib.testing.worker import start_worker
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.labs import labs_app
from deviations.common.outcome import Undecided
from deviations.common.timer_page import TimerPage

tasks = TaskWatch()


def program(celery_app: Celery) -> Any:
    """Return an app with two callbacks, whose jobs return their arguments."""
    app = labs_app(CeleryCallbackManager(celery_app))
    buttons = [html.Button(id="first"), html.Button(id="second")]
    app.layout = html.Div([*buttons, html.Div(id="out"), html.Div(id="other")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("first", "value"))
    def first(value: str) -> str:
        return value

    @app.long_callback(output=dl.Output("other", "children"), args=dl.Input("second", "value"))
    def second(value: str) -> str:
        return value

    return app


def in_thread(act: Callable[[], Any], number: int = 0) -> int:
    """Act in a new thread, as a threaded server answers a request, and return the thread's number.

    With a number, the thread is one that has the number of an earlier thread: they are used again."""
    numbers = []

    def act_if_number_fits() -> None:
        if number in (0, threading.get_ident()):
            act()
            numbers.append(threading.get_ident())

    for _ in range(1000):
        thread = threading.Thread(target=act_if_number_fits)
        thread.start()
        thread.join()
        if numbers:
            return numbers[0]
    raise Undecided("no thread has the number of the first")


def results(in_one_thread: bool) -> tuple[Any, Any]:
    """Trigger both callbacks, in one thread or in two that have one number, and return what their outputs show."""
    celery_app = celery_in_memory("rpc://")
    page = TimerPage(program(celery_app))

    def first() -> None:
        page.change("first.value", "first")

    def second() -> None:
        page.change("second.value", "second")

    with start_worker(celery_app, perform_ping_check=False):
        if in_one_thread:
            in_thread(lambda: [first(), second()])
        else:
            in_thread(second, in_thread(first))
        for _ in range(2):
            tasks.wait_for_end()
        for timer in page.timers * 3:
            page.tick(timer)
    return page.values.get("out.children"), page.values.get("other.children")


def deviates() -> bool:
    of_one_thread, of_two_threads = results(in_one_thread=True), results(in_one_thread=False)
    if of_one_thread != ("first", "second"):
        raise Undecided(f"the results of one thread do not arrive: {of_one_thread}")
    print("expected: both pairs of results are first and second")
    print(f"seen: of one thread {of_one_thread}, of two threads {of_two_threads}")
    return of_two_threads != of_one_thread
