"""The callbacks of a program: those of each app, and those that no app has taken yet.

A worker finds a callback here: it imports a program and serves none of its apps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final
from weakref import WeakSet

from impl_dash_style.callbacks import Callback
from impl_dash_style.exceptions import DeclarationError

_pending: Final[list[Callback]] = []
_apps: Final[WeakSet[AppCallbacks]] = WeakSet()


class AppCallbacks:
    """The callbacks of one app, in the order of their declaration."""

    def __init__(self, on_error: Callable[[BaseException], object] | None) -> None:
        """``on_error`` is that of callbacks without one of their own."""
        self._on_error = on_error
        self._callbacks: list[Callback] = []
        _apps.add(self)

    def __iter__(self) -> Iterator[Callback]:
        return iter(self._callbacks)

    def add(self, callback: Callback) -> None:
        """Add a callback. Raises DeclarationError for an output that another one has."""
        _add(self._callbacks, callback)

    def with_pending(self) -> list[Callback]:
        """The callbacks as they will be served, with those that no app has taken yet."""
        callbacks = list(self._callbacks)
        for callback in _pending:
            _add(callbacks, callback)
        return [replace(c, on_error=c.on_error or self._on_error) for c in callbacks]

    def take_pending(self) -> None:
        """Take the callbacks that no app has taken yet."""
        self._callbacks = self.with_pending()
        _pending.clear()


def add_pending(callback: Callback) -> None:
    """Add a callback for the app that is served next. Raises DeclarationError for an output that another one has."""
    _add(_pending, callback)


def find(identity: str) -> Callback | None:
    """The callback of this program with this identity."""
    for app in list(_apps):
        with suppress(DeclarationError):  # the pending ones may be for another app
            for callback in app.with_pending():
                if callback.identity == identity:
                    return callback
    return None


def _add(callbacks: list[Callback], new: Callback) -> None:
    """Add a callback. Raises DeclarationError for an output that another one has, unless one of the two
    allows it."""
    new = replace(new, number=len(callbacks))
    taken = [output for callback in callbacks for output in callback.outputs]
    for output in new.outputs:
        for other in taken:
            if output == other and not (output.allow_duplicate or other.allow_duplicate):
                raise DeclarationError(
                    f"{output} is already the output of another callback; set it in one callback only,"
                    " or give Output(..., allow_duplicate=True)"
                )
        taken.append(output)
    if circle := _circle(callbacks, new):
        raise DeclarationError(
            f"Dependency cycle found: {' -> '.join(circle)}. Results that trigger one another must be those"
            " of one callback, which may have an output as an input"
        )
    callbacks.append(new)


def _circle(callbacks: list[Callback], new: Callback) -> list[str]:
    """The properties by which a new callback would trigger itself through others; empty if it would not."""
    seen = {new.number}
    paths: list[tuple[Callback, list[str]]] = [(new, [])]
    while paths:
        callback, path = paths.pop()
        for output in callback.outputs:
            here = [*path, str(output)]
            if callback is not new and output in new.inputs:
                return [here[-1], *here]
            for other in callbacks:
                if other.number not in seen and output in other.inputs:
                    seen.add(other.number)
                    paths.append((other, here))
    return []
