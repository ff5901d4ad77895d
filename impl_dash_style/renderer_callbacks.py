"""The callbacks as the renderer gets them, before any of them runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from dash.dependencies import DashDependency

from impl_dash_style import layout
from impl_dash_style.background import BackgroundOptions
from impl_dash_style.callbacks import Callback
from impl_dash_style.dispatch import cancel_inputs
from impl_dash_style.encoding import Json, encode
from impl_dash_style.wire import CallbackSpec


def callbacks_json(
    callbacks: Sequence[Callback], prevent_initial_calls: bool, get_layout: Callable[[], object]
) -> str:
    """The callbacks, and one internal callback for each cancel input, as JSON.

    The layout is made only where an entry of ``running`` without an off value restores its value.
    """
    backgrounds = [callback.background for callback in callbacks if callback.background]
    needs_layout = any(entry.restores_layout for b in backgrounds for entry in b.running)
    layout_values = layout.layout_values(get_layout()) if needs_layout else {}
    specs = [_callback_spec(c, prevent_initial_calls, layout_values) for c in callbacks]
    specs += [_spec(cancel.id, [cancel.input], [], True) for cancel in cancel_inputs(callbacks)]
    return encode(specs)


def _callback_spec(
    callback: Callback, prevent_default: bool, layout_values: Mapping[str, Json]
) -> CallbackSpec:
    prevent = callback.prevent_initial_call
    prevent = prevent_default if prevent is None else prevent
    spec = _spec(callback.id, callback.inputs, callback.states, prevent)
    spec["no_output"] = not callback.outputs
    if callback.background:
        spec["background"] = {"interval": callback.background.interval}
        if callback.background.running:
            spec["running"] = _running(callback.background, layout_values)
    return spec


def _spec(
    id: str,
    inputs: Iterable[DashDependency],
    states: Iterable[DashDependency],
    prevent_initial_call: bool,
) -> CallbackSpec:
    return {
        "output": id,
        "inputs": [input.to_dict() for input in inputs],
        "state": [state.to_dict() for state in states],
        "prevent_initial_call": prevent_initial_call,
        "clientside_function": None,
        "background": None,
    }


def _running(
    background: BackgroundOptions, layout_values: Mapping[str, Json]
) -> dict[str, dict[str, object]]:
    on: dict[str, object] = {}
    off: dict[str, object] = {}
    for entry in background.running:
        name = str(entry.output)
        on[name] = entry.on
        off[name] = layout_values.get(name) if entry.restores_layout else entry.off
    return {"running": on, "runningOff": off}
