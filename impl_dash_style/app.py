"""The app: what a program declares, and the Flask server that answers its pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet

from flask import Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound

from . import layout, long_callback, page, specs, visitors
from .callbacks import Callback
from .declaration import check_on_error, declare
from .dispatch import Dispatch, cancels
from .exceptions import CallbackFailure, DeclarationError
from .manager import Manager, check_manager

if TYPE_CHECKING:
    from .labs.declaration import Labs, Plugin

Function = TypeVar("Function", bound=Callable[..., Any])

_pending: Final[list[Callback]] = []
"""What `callback` has declared and no app has taken yet."""


_apps: Final[WeakSet[Dash]] = WeakSet()
"""The apps of this program."""


def find(identity: str) -> Callback | None:
    """Return a callback of this program, for a worker: it imports a program and serves none of its apps."""
    for app in list(_apps):
        with suppress(DeclarationError):  # what is pending may be for another app
            for found in app.completed(_pending):
                if found.identity == identity:
                    return found
    return None


def callback(*args: Any, **kwargs: Any) -> Callable[[Function], Function]:
    """Declare a callback for the app that is served next. Arguments as those of `Dash.callback`."""

    def declared(function: Function) -> Function:
        _add(_pending, declare(function, args, kwargs))
        return function

    return declared


class Dash:
    """A program of components and callbacks. `server` is its Flask app, for a production server.

    `layout` is a component, a list of components, or a function that returns one for each page load.
    `validation_layout` has the components that callbacks name and other callbacks generate.
    """

    layout: Any = None
    validation_layout: Any = None
    title = "Dash"

    def __init__(
        self,
        name: str,
        *,
        background_callback_manager: Manager | None = None,
        long_callback_manager: Manager | None = None,
        plugins: Sequence[Plugin] | None = None,
        prevent_initial_callbacks: bool = False,
        suppress_callback_exceptions: bool = False,
        on_error: Callable[[Any], Any] | None = None,
    ) -> None:
        """Create an app.

        `background_callback_manager` runs the jobs of callbacks that name no manager of their own;
        `long_callback_manager` is its older name. `plugins` are those of Dash Labs, and make
        `long_callback` the one of Dash Labs.
        `prevent_initial_callbacks` is the default of `prevent_initial_call`.
        `suppress_callback_exceptions` keeps the page from reporting ids that it does not hold.
        `on_error` is called with the exception of a callback that fails and has no `on_error` of its
        own; what it returns is shown in the outputs, and None leaves them as they are.
        """
        check_on_error(on_error)
        self._on_error = on_error
        self._labs = None if plugins is None else _labs(plugins)
        self._manager = _only(
            background_callback_manager=background_callback_manager,
            long_callback_manager=long_callback_manager,
            plugins=self._labs.manager if self._labs else None,
        )
        self._prevent_initial_callbacks = prevent_initial_callbacks
        self._options: dict[str, Any] = {
            "ui": False,
            "suppress_callback_exceptions": suppress_callback_exceptions,
        }
        self._callbacks: list[Callback] = []
        self._setup = Lock()
        _apps.add(self)
        self.server = Flask(name, static_folder=None)
        self.server.before_request(self._prepare)
        self._route("/", self._index)
        self._route("/<path:_>", self._index)
        self._route("/_dash-layout", self._layout)
        self._route("/_dash-dependencies", self._dependencies)
        self._route(f"{page.SUITES}/<package>/<path:path>", self._suite)
        self._route("/_dash-update-component", self._update, methods=["POST"])
        self.server.register_error_handler(CallbackFailure, self._failed)
        self.server.register_error_handler(DeclarationError, self._failed)

    def callback(self, *args: Any, **kwargs: Any) -> Callable[[Function], Function]:
        """Declare a callback: outputs, then inputs and state, or `output=`, `inputs=`, `state=`.

        With `background=True` its function runs as a job. It then also takes `manager`, `interval`
        (milliseconds between two polls), `running`, `cancel`, `progress` and `progress_default`.
        Raise DeclarationError for anything that cannot work.
        """

        if self._labs:
            kwargs = self._labs.with_inputs(kwargs)
        return self._declare(declare, args, kwargs)

    def long_callback(self, *args: Any, **kwargs: Any) -> Callable[[Function], Function]:
        """Declare a callback whose function runs as a job, as `callback(..., background=True)` does.

        Raise DeclarationError for anything that cannot work, and for ids with wildcards.
        """
        form = self._labs.declare if self._labs else long_callback.declare
        return self._declare(form, args, kwargs)

    def _declare(
        self, form: Callable[..., Callback], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Callable[[Function], Function]:
        def declared(function: Function) -> Function:
            new = form(function, args, kwargs)
            if new.background:
                new.manager(self._manager)
            _add(self._callbacks, new)
            return function

        return declared

    def run(
        self, host: str | None = None, port: int | str | None = None, debug: bool = False
    ) -> None:
        """Serve until interrupted, at HOST and PORT of the environment if none are given.

        With `debug`, a page shows the errors of its callbacks.
        """
        self._options["ui"] = debug
        _ = self._dispatch  # what is wrong with the program is to be known before the first page
        host = host or os.environ.get("HOST", "127.0.0.1")
        self.server.run(host, int(port or os.environ.get("PORT", "8050")), threaded=True)

    run_server = run
    """The older name of `run`."""

    @cached_property
    def _dispatch(self) -> Dispatch:
        """Take what `callback` has declared, and be ready to answer."""
        with self._setup:
            self._callbacks = self.completed(_pending)
            _pending.clear()
            if limited := [callback for callback in self._callbacks if callback.limited]:
                layout.check(limited, self._current_layout(), self.validation_layout)
            return Dispatch(self._callbacks, self._manager)

    def completed(self, more: Iterable[Callback]) -> list[Callback]:
        """Return the app's callbacks and `more`, as they are when it is served."""
        callbacks = list(self._callbacks)
        for new in more:
            _add(callbacks, new)
        return [replace(each, on_error=each.on_error or self._on_error) for each in callbacks]

    def _prepare(self) -> None:
        """Be ready before the first request, whichever it is: with several processes, not the index."""
        _ = self._dispatch

    def _index(self, _: str = "") -> Response:
        repeated = [c.id for c in self._callbacks if c.background]
        handle = self._dispatch.handles.new_page()
        repeated += [cancel.id for cancel in cancels(self._callbacks)]
        options = self._options
        if self.validation_layout is not None:
            options = {**options, "validation_layout": self.validation_layout}
        response = Response(page.render(self.title, handle, repeated, options))
        response.cache_control.no_store = True  # each load is a page of its own
        if self._dispatch.knows_visitors:
            visitors.remember(response)
        return response

    def _layout(self) -> Response:
        return _json(layout.served(self._current_layout(), self._callbacks))

    def _dependencies(self) -> Response:
        return _json(
            specs.served(self._callbacks, self._prevent_initial_callbacks, self._current_layout)
        )

    def _suite(self, package: str, path: str) -> Response:
        directory = page.directory(package)
        if directory is None or not path.endswith((".js", ".css", ".map")):
            raise NotFound
        return send_from_directory(directory, path)

    def _update(self) -> Response:
        answer = self._dispatch.answer(request.get_json(), request.args)
        return Response(status=204) if answer is None else _json(answer)

    def _failed(self, error: Exception) -> Response:
        self.server.logger.error("%s", error)
        return Response(str(error), status=500, mimetype="text/plain")

    def _current_layout(self) -> Any:
        if self.layout is None:
            raise DeclarationError("app.layout is not set: give it a component or a function")
        return self.layout() if callable(self.layout) else self.layout

    def _route(self, rule: str, view: Callable[..., Response], **options: Any) -> None:
        self.server.add_url_rule(rule, f"{view.__name__} {rule}", view, **options)


def _labs(plugins: Sequence[Any]) -> Labs:
    """Return the form of Dash Labs. What it imports, other programs need not have."""
    from .labs.declaration import Labs

    return Labs.declare_plugins(plugins)


def _only(**managers: Manager | None) -> Manager | None:
    """Return the manager that is given. Refuse several, and what is none."""
    given = {
        name: check_manager(manager) for name, manager in managers.items() if manager is not None
    }
    if len(given) > 1:
        raise DeclarationError(f"an app has one manager; it is given by {' and '.join(given)}")
    return next(iter(given.values()), None)


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _add(callbacks: list[Callback], new: Callback) -> None:
    """Add a callback. Refuse an output that another one has, unless one of the two allows it."""
    new = replace(new, number=len(callbacks))
    taken = [output for callback in callbacks for output in callback.outputs]
    for output in new.outputs:
        for other in taken:
            if output == other and not (output.allow_duplicate or other.allow_duplicate):
                raise DeclarationError(
                    f"{output} is the output of another callback already; set it in one callback, or"
                    " give Output(..., allow_duplicate=True)"
                )
        taken.append(output)
    callbacks.append(new)
