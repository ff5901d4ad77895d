"""Servers that fail in one way each, for ``tests/test_fuzz.py``: what makes their programs what they are."""

from __future__ import annotations

from dataclasses import replace

from callback_conformance.adapters.adapter import Adapter
from callback_conformance.adapters.dash import dash_style
from callback_conformance.adapters.taipy import taipy_style
from callback_conformance.scenario import Scenario

#: Begins with the first request after which the program may fail.
BEGUN = """
import os, threading
import flask, werkzeug.exceptions
kept = []
def fail(self, error):
    {failing}
    return error
flask.Flask.handle_http_exception = fail
"""


def failing(adapter: Adapter, when_refused: str) -> Adapter:
    """Its programs do this with each request that they refuse."""

    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        program = adapter.render(scenario, dialect, backend)
        future, line, rest = program.partition("from __future__ import annotations\n")
        head = future + line if line else ""
        return head + BEGUN.format(failing=when_refused) + (rest if line else program)

    return replace(adapter, render=render)


answers_500 = failing(taipy_style.adapter, "return 'failed', 500")
dies = failing(dash_style.adapter, "os._exit(1)")
keeps_threads = failing(
    taipy_style.adapter, "threading.Thread(target=threading.Event().wait, daemon=True).start()"
)
