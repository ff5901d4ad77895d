"""What a worker of Huey executes: one call of a callback's function."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from typing import Any

from dash import no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict
from dash.background_callback.managers import BaseBackgroundCallbackManager
from dash.exceptions import PreventUpdate

from dash_huey.store import Store, encoded, failure


class NoSuchCallback(LookupError):
    """The worker has imported another program, or another state of it, than the server runs."""


def execute(
    store: Store,
    callback: str,
    run: str,
    args: Any,
    context: dict[str, Any],
    entry: str,
    expire: int | None,
) -> None:
    """Call the function of ``callback`` and store its result or failure; a result also in the cache, as ``entry``.

    ``context`` is what ``dash.ctx`` holds inside the function.
    """
    if not store.begin(run):
        return  # cancelled while it waited
    try:
        value = _called(callback, run, args, context, store)
        text = encoded(value)
    except PreventUpdate:
        value, text = no_update, encoded(no_update)
    except Exception as error:  # noqa: BLE001  the page shows it, not Huey
        value, text = no_update, failure(str(error), traceback.format_exc())
    finally:
        context_value.set({})  # this process goes on to other jobs
    if entry and not _declines(value):
        store.put_entry(entry, text, expire)
    store.put_result(run, text)


class _Updates(dict[str, dict[str, Any]]):
    """What ``set_props`` writes to: the store, at once. It stays empty, because Dash would send its content again."""

    def __init__(self, store: Store, run: str) -> None:
        super().__init__()
        self._store, self._run = store, run

    def __setitem__(self, component: str, props: dict[str, Any]) -> None:
        self._store.add_update(self._run, component, props)


def _called(callback: str, run: str, args: Any, context: dict[str, Any], store: Store) -> Any:
    function, progress = _declared(callback)
    more = {"ignore_register_page": False, "updated_props": _Updates(store, run)}
    context_value.set(AttributeDict(**{**context, **more}))

    def set_progress(value: Any) -> None:
        store.put_progress(run, value if isinstance(value, (list, tuple)) else [value])

    leading = [set_progress] if progress else []
    value = function(*leading, **args) if isinstance(args, dict) else function(*leading, *args)
    return asyncio.run(value) if inspect.iscoroutine(value) else value


def _declared(callback: str) -> tuple[Any, bool]:
    """A callback's function, and whether it takes ``set_progress``, as Dash has recorded them at its declaration."""
    for key, function, progress in BaseBackgroundCallbackManager.functions:
        if key == callback:
            return function, progress
    raise NoSuchCallback(
        "the worker does not know this callback; start the worker with the program that the server runs"
    )


def _declines(value: Any) -> bool:
    """True for a value that updates nothing, which the cache does not keep."""
    parts = value if isinstance(value, (list, tuple)) and value else [value]
    return all(isinstance(part, type(no_update)) for part in parts)
