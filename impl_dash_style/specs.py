"""What the renderer is told of the callbacks before any of them runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import layout
from .background import Background
from .callbacks import Callback
from .dispatch import cancels
from .encoding import encode


def served(
    callbacks: Iterable[Callback], prevent_initial_calls: bool, get_layout: Callable[[], Any]
) -> str:
    """Return the callbacks, and one internal callback for each cancel input, as JSON.

    The layout is only asked for where a pair in `running` goes back to its value.
    """
    callbacks = list(callbacks)
    backgrounds = [callback.background for callback in callbacks if callback.background]
    pairs = any(entry.pair for background in backgrounds for entry in background.running)
    given = layout.values(get_layout()) if pairs else {}
    specs = [_callback(callback, prevent_initial_calls, given) for callback in callbacks]
    for cancel in cancels(callbacks):
        specs.append(_spec(cancel.id, [cancel.input.to_dict()], [], prevent=True))
    return encode(specs)


def _callback(callback: Callback, prevent: bool, given: dict[str, Any]) -> dict[str, Any]:
    if callback.prevent_initial_call is not None:
        prevent = callback.prevent_initial_call
    inputs = [input.to_dict() for input in callback.inputs]
    states = [state.to_dict() for state in callback.states]
    spec = _spec(callback.id, inputs, states, prevent) | {"no_output": not callback.outputs}
    if callback.background:
        spec["background"] = {"interval": callback.background.interval}
        if callback.background.running:
            spec["running"] = _running(callback.background, given)
    return spec


def _spec(id: str, inputs: Any, states: Any, prevent: bool) -> dict[str, Any]:
    return {
        "output": id,
        "inputs": inputs,
        "state": states,
        "prevent_initial_call": prevent,
        "clientside_function": None,
        "background": None,
    }


def _running(background: Background, given: dict[str, Any]) -> dict[str, Any]:
    on = {str(entry.output): entry.on for entry in background.running}
    off = {
        str(entry.output): given.get(str(entry.output)) if entry.pair else entry.off
        for entry in background.running
    }
    return {"running": on, "runningOff": off}
