"""The app: what a program declares, and the Flask server that answers its pages."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from flask import Flask, Response, send_from_directory
from flask.helpers import get_root_path
from werkzeug.exceptions import NotFound

from impl_dash_style import (
    incoming,
    layout,
    long_callback,
    page,
    registry,
    renderer_callbacks,
    sessions,
)
from impl_dash_style.callbacks import Callback
from impl_dash_style.declaration import check_on_error, declare
from impl_dash_style.dispatch import Dispatch, cancel_inputs
from impl_dash_style.exceptions import CallbackFailure, DeclarationError, TooManyJobs
from impl_dash_style.labs.declaration import LabsForm, Plugin
from impl_dash_style.manager import Manager, check_manager
from impl_dash_style.registry import AppCallbacks
from impl_dash_style.runs import MAX_JOBS_PER_PAGE
from impl_dash_style.settings import Settings
from impl_dash_style.wire import RendererOptions

Function = TypeVar("Function", bound=Callable[..., object])


#: A form of declaration: it makes a callback of a function and the arguments of its decorator.
_Form: TypeAlias = Callable[
    [Callable[..., object], tuple[object, ...], dict[str, object]], Callback
]


def callback(*args: object, **kwargs: object) -> Callable[[Function], Function]:
    """Declare a callback for the app that is served next. Arguments as those of ``Dash.callback``."""

    def decorate(function: Function) -> Function:
        registry.add_pending(declare(function, args, kwargs))
        return function

    return decorate


class Dash:
    """A program of components and callbacks. ``server`` is its Flask app, for a production server."""

    #: A component, a list of components, or a function that returns one for each page load.
    layout: object = None
    #: The components that callbacks name and other callbacks generate.
    validation_layout: object = None

    def __init__(
        self,
        name: str,
        server: Flask | bool = True,
        *,
        background_callback_manager: Manager | None = None,
        long_callback_manager: Manager | None = None,
        plugins: Sequence[Plugin] | None = None,
        on_error: Callable[[BaseException], object] | None = None,
        max_jobs_per_page: int = MAX_JOBS_PER_PAGE,
        **settings: object,
    ) -> None:
        """Create an app.

        ``server`` is a Flask app that this one is made part of; by default it has one of its own.
        ``background_callback_manager`` runs the jobs of callbacks that name no manager of their own;
        ``long_callback_manager`` is its older name. ``plugins`` are those of Dash Labs, and make
        ``long_callback`` the one of Dash Labs.
        ``on_error`` is called with the exception of a callback that fails and has no ``on_error`` of its
        own; what it returns is shown in the outputs, and None leaves them as they are.
        ``max_jobs_per_page`` is how many jobs one page may have at once; a trigger beyond them fails.
        ``settings`` shape the page; they are those of ``Settings``, and ``config`` holds them.
        Raises DeclarationError for arguments that cannot work.
        """
        self._labs = None if plugins is None else LabsForm.declare_plugins(plugins)
        self._manager = _only_manager(
            background_callback_manager=background_callback_manager,
            long_callback_manager=long_callback_manager,
            plugins=self._labs.manager if self._labs else None,
        )
        self.config = Settings.declare(settings)
        self._debug = False
        if type(max_jobs_per_page) is not int or max_jobs_per_page < 1:
            raise DeclarationError(
                f"max_jobs_per_page: expected a number from 1, not {max_jobs_per_page!r}"
            )
        self._max_jobs = max_jobs_per_page
        self._callbacks = AppCallbacks(check_on_error(on_error))
        self._setup = Lock()
        self.server = _flask(name, server)
        self._assets = Path(get_root_path(name)) / self.config.assets_folder
        self.server.before_request(self._prepare)
        self._route("", self._index)
        self._route("<path:_>", self._index)
        self._route("_dash-layout", self._layout)
        self._route("_dash-dependencies", self._dependencies)
        self._route(f"{page.SUITES}/<package>/<path:path>", self._suite)
        self._route(f"{self.config.assets_url_path}/<path:path>", self._asset)
        self._route("_dash-update-component", self._update, "POST")
        self.server.register_error_handler(CallbackFailure, self._failed)
        self.server.register_error_handler(TooManyJobs, _too_many)
        self.server.register_error_handler(DeclarationError, self._misdeclared)

    def callback(self, *args: object, **kwargs: object) -> Callable[[Function], Function]:
        """Declare a callback: outputs, then inputs and state, or ``output=``, ``inputs=``, ``state=``.

        With ``background=True`` its function runs as a job. It then also takes ``manager``, ``interval``
        (milliseconds between two polls), ``running``, ``cancel``, ``progress`` and ``progress_default``.
        Raises DeclarationError for anything that cannot work.
        """
        if self._labs:
            kwargs = self._labs.with_inputs(kwargs)
        return self._declare(declare, args, kwargs)

    def long_callback(self, *args: object, **kwargs: object) -> Callable[[Function], Function]:
        """Declare a callback whose function runs as a job, as ``callback(..., background=True)`` does.

        Raises DeclarationError for anything that cannot work, and for ids with wildcards.
        """
        form = self._labs.declare if self._labs else long_callback.declare
        return self._declare(form, args, kwargs)

    def clientside_callback(self, *args: object, **kwargs: object) -> None:
        """What Dash has and this implementation leaves out. Raises DeclarationError."""
        raise DeclarationError("this implementation leaves out clientside callbacks")

    def _declare(
        self, form: _Form, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> Callable[[Function], Function]:
        def decorate(function: Function) -> Function:
            new = form(function, args, kwargs)
            if new.background:
                new.manager(self._manager)  # raises if there is none
            self._callbacks.add(new)
            return function

        return decorate

    @property
    def title(self) -> str:
        """What the browser's tab shows."""
        return self.config.title

    @title.setter
    def title(self, text: str) -> None:
        self.config.title = text

    @property
    def index_string(self) -> str:
        """The frame of the page's HTML, with a place for each of its parts."""
        return self.config.index_string

    @index_string.setter
    def index_string(self, html: str) -> None:
        self.config.index_string = html

    def get_asset_url(self, path: str) -> str:
        """The address of a file in the folder of assets."""
        return f"{self.config.requests_prefix}{self.config.assets_url_path}/{path}"

    def run(
        self,
        host: str | None = None,
        port: int | str | None = None,
        debug: bool = False,
        *,
        dev_tools_ui: bool | None = None,
        dev_tools_hot_reload: bool = False,
        dev_tools_silence_routes_logging: bool = False,
        threaded: bool = True,
        use_reloader: bool = False,
        **options: Any,
    ) -> None:
        """Serve until interrupted, by default at HOST and PORT of the environment.

        With ``debug``, a page shows the errors of its callbacks, with the text and the traceback of what
        their jobs raised; ``dev_tools_ui`` decides that alone. ``dev_tools_silence_routes_logging`` keeps
        requests out of the log. ``use_reloader`` starts the program again when one of its files changes.
        ``options`` are those of Flask's ``run``. Raises DeclarationError for what does not exist here.
        """
        left_out = [name for name in options if name.startswith(("dev_tools_", "jupyter_"))]
        left_out += ["dev_tools_hot_reload"] * dev_tools_hot_reload
        if left_out:
            raise DeclarationError(f"run: this implementation leaves out {', '.join(left_out)}")
        self._debug = debug if dev_tools_ui is None else dev_tools_ui
        if dev_tools_silence_routes_logging:
            logging.getLogger("werkzeug").setLevel(logging.ERROR)
        _ = self._dispatch  # raises what is wrong with the program before the first page loads
        host = host or os.environ.get("HOST", "127.0.0.1")
        port = int(port or os.environ.get("PORT", "8050"))
        self.server.run(host, port, threaded=threaded, use_reloader=use_reloader, **options)

    #: The older name of ``run``.
    run_server = run

    @cached_property
    def _dispatch(self) -> Dispatch:
        """What answers requests, once the app has taken what the function ``callback`` has declared."""
        with self._setup:
            self._callbacks.take_pending()
            if limited := [callback for callback in self._callbacks if callback.limited]:
                layout.check_components(limited, self._current_layout(), self.validation_layout)
            return Dispatch(list(self._callbacks), self._manager, self._max_jobs)

    def _prepare(self) -> None:
        """Be ready before the first request, whichever it is: with several processes, not the index."""
        _ = self._dispatch

    def _index(self, _: str = "") -> Response:
        repeated = [callback.id for callback in self._callbacks if callback.background]
        repeated += [cancel.id for cancel in cancel_inputs(self._callbacks)]
        handle = self._dispatch.handles.new_page()
        options: RendererOptions = {
            "ui": self._debug,
            "suppress_callback_exceptions": self.config.suppress_callback_exceptions,
        }
        if self.validation_layout is not None:
            options["validation_layout"] = self.validation_layout
        response = Response(page.render(self.config, self._assets, handle, repeated, options))
        response.cache_control.no_store = True  # each load is a page of its own
        if self._dispatch.needs_sessions:
            sessions.start_session(response)
        return response

    def _layout(self) -> Response:
        return _json(layout.layout_json(self._current_layout(), self._callbacks))

    def _dependencies(self) -> Response:
        return _json(
            renderer_callbacks.callbacks_json(
                list(self._callbacks),
                bool(self.config.prevent_initial_callbacks),
                self._current_layout,
            )
        )

    def _suite(self, package: str, path: str) -> Response:
        directory = page.directory(package)
        if directory is None or not path.endswith((".js", ".css", ".map")):
            raise NotFound
        return send_from_directory(directory, path)

    def _asset(self, path: str) -> Response:
        return send_from_directory(self._assets, path)

    def _update(self) -> Response:
        answer = self._dispatch.answer(incoming.payload(), incoming.query())
        response = Response(status=204) if answer is None else _json(answer)
        response.cache_control.no_store = True  # it may hold a handle
        return response

    def _failed(self, error: CallbackFailure) -> Response:
        """What a page is told of a failure. By the id, its user's words lead to what the log says."""
        id = secrets.token_hex(4)
        self.server.logger.error("Failure %s: %s\n%s", id, error, error.detail)
        text = f"{error} This is failure {id} in the server's log."
        if self._debug:
            text = f"{error}\n\n{error.detail}"
        return Response(text, status=500, mimetype="text/plain")

    def _misdeclared(self, error: DeclarationError) -> Response:
        self.server.logger.error("%s", error)
        return Response(str(error), status=500, mimetype="text/plain")

    def _current_layout(self) -> object:
        if self.layout is None:
            raise DeclarationError("app.layout is not set: give it a component or a function")
        return self.layout() if callable(self.layout) else self.layout

    def _route(self, rule: str, view: Callable[..., Response], method: str = "GET") -> None:
        rule = self.config.routes_prefix + rule
        self.server.add_url_rule(rule, f"{view.__name__} {rule}", view, methods=[method])


def _only_manager(**managers: object) -> Manager | None:
    """The only manager among these. Raises DeclarationError for several, and for what is not a manager."""
    checked = {name: check_manager(manager) for name, manager in managers.items()}
    names = [name for name, manager in checked.items() if manager is not None]
    if len(names) > 1:
        raise DeclarationError(f"an app has one manager; choose one of {' and '.join(names)}")
    return checked[names[0]] if names else None


def _flask(name: str, server: Flask | bool) -> Flask:
    """The Flask app that answers. Raises DeclarationError for an app without a server."""
    if server is True:
        server = Flask(name, static_folder=None)
    if not isinstance(server, Flask):
        raise DeclarationError(f"server: expected a Flask app, not {server!r}")
    if server.config["MAX_CONTENT_LENGTH"] is None:
        server.config["MAX_CONTENT_LENGTH"] = incoming.MAX_BYTES
    return server


def _too_many(error: TooManyJobs) -> Response:
    return Response(str(error), status=429, mimetype="text/plain")


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
