"""``Gui``: a page over the variables and functions of a program."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from impl_taipy_style.client import Client, encode
from impl_taipy_style.clients import Limits
from impl_taipy_style.page import parse_page
from impl_taipy_style.server import create_app


class Gui:
    """A program with one page.

    ``page`` is written in the page language (module ``page``). Its variables and functions are
    those of the module that creates the Gui, in which ``on_init(state)``, called when a client
    first opens the page, and ``on_exception(state, function_name, exception)`` may be defined too.
    Raises ValueError for a page that cannot be read.
    """

    def __init__(self, page: str) -> None:
        self._page = parse_page(page)
        self._module = sys._getframe(1).f_globals

    def run(
        self,
        *,
        run_server: bool = True,
        host: str = "127.0.0.1",
        port: int = 5000,
        title: str = "Taipy style",
        state_retention_period: float = 24 * 3600,
        max_clients: int = 1000,
        max_jobs: int = 100,
    ) -> Flask | None:
        """Serve the page until interrupted; with ``run_server=False`` return the Flask app instead.

        The options ``-H HOST`` and ``-P PORT`` on the program's command line take precedence over
        ``host`` and ``port``. A client whose last page left ``state_retention_period`` seconds ago is
        forgotten, and begins anew when it comes back; with 0 it is kept while the server runs. Of
        more than ``max_clients`` the one that has been gone for longest is forgotten; if all have a
        page open, a new one is refused. ``invoke_long_callback`` raises RuntimeError for a client that
        has ``max_jobs`` jobs running.
        Raises NameError for a page that uses a name which the program does not have, TypeError
        for a first value that cannot be shown, and ValueError for a limit that cannot be kept.
        """
        self._check()
        limits = Limits(state_retention_period, max_clients, max_jobs)
        app = create_app(self._page, self._module, title, limits)
        if not run_server:
            return app
        options = _command_line(host, port)
        server = make_server(
            options.host, options.port, app, threaded=True, request_handler=_Handler
        )
        print(f"Serving on http://{options.host}:{server.server_port}", flush=True)
        server.serve_forever()
        return None

    def _check(self) -> None:
        functions = {name for name, value in self._module.items() if callable(value)}
        for action in sorted(self._page.actions - functions):
            raise NameError(f"a button calls {action}, but the program has no such function")
        client = Client(self._module, self._page.variables, max_jobs=0)
        for name in sorted(self._page.variables):
            if name not in self._module:
                raise NameError(f"the page uses {{{name}}}, but the program has no such variable")
            encode(name, {name: client.read(name)})


class _Handler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep requests out of the log: a page makes one for every click."""


def _command_line(host: str, port: int) -> Any:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-H", "--host", default=host)
    parser.add_argument("-P", "--port", type=int, default=port)
    return parser.parse_known_args()[0]  # Other options are the program's own.
