"""A callback's decorator, in the form that its dialect gives to it."""

from __future__ import annotations

from collections.abc import Mapping

from callback_conformance.adapters.dash.caching import callback_options
from callback_conformance.adapters.dash.emitter import DashEmitter
from callback_conformance.adapters.source import Call, Node, call, keyword
from callback_conformance.scenario import (
    UNSET,
    Background,
    BadScenario,
    Dependency,
    FrozenList,
    Grouping,
    Ordinary,
    Plain,
    leaves,
)


def decorator(emitter: DashEmitter, callback: Background | Ordinary, prevented: bool) -> Call:
    """The decorator of a callback; ``prevented`` says that the app prevents initial calls by itself."""
    names = emitter.names
    is_long = isinstance(callback, Background)
    options = _options(emitter, callback) if isinstance(callback, Background) else {}
    options |= {name: _written(emitter, value) for name, value in callback.options.items()}
    if callback.initial == prevented:
        options["prevent_initial_call"] = repr(not callback.initial)
    name = names.starts if is_long else names.declares
    if "." not in name:
        emitter.dash(name)
    if is_long and names.dialect == "labs":
        output = _grouping(emitter, "Output", callback.output)
        return call(name, output=output, args=_args(emitter, callback), **options)
    if _is_by_name(callback, names.dialect):
        return call(name, **_by_name(emitter, callback), **options)
    outputs = _outputs(emitter, callback)
    return call(name, *outputs, *_inputs_and_state(emitter, callback), **options)


def _is_by_name(callback: Background | Ordinary, dialect: str) -> bool:
    if isinstance(callback, Background):
        if callback.by_name is not None:
            return callback.by_name
        if dialect == "long_callback":
            return True
    return not all(map(_is_plain, (callback.output, callback.inputs, callback.state)))


def _is_plain(parts: Grouping) -> bool:
    """True for a dependency, or a list of some: then they may stand by position."""
    listed = isinstance(parts, FrozenList) and all(map(_is_single, parts))
    return _is_single(parts) or listed or not parts


def _is_single(parts: Grouping) -> bool:
    return isinstance(parts, (str, Dependency))


def _by_name(emitter: DashEmitter, callback: Background | Ordinary) -> dict[str, Node]:
    named = dict(zip(("output",), _outputs(emitter, callback), strict=False))
    named["inputs"] = _grouping(emitter, "Input", callback.inputs)
    if callback.state:
        named["state"] = _grouping(emitter, "State", callback.state)
    return named


def _outputs(emitter: DashEmitter, callback: Background | Ordinary) -> list[Node]:
    if not any(leaves(callback.output)):
        return []
    return [_grouping(emitter, "Output", callback.output)]


def _inputs_and_state(emitter: DashEmitter, callback: Background | Ordinary) -> tuple[Node, ...]:
    inputs = [_grouping(emitter, "Input", part) for part in _listed(callback.inputs)]
    state = [_grouping(emitter, "State", part) for part in _listed(callback.state)]
    return (*inputs, *state)


def _listed(parts: Grouping) -> tuple[Grouping, ...]:
    return parts if isinstance(parts, tuple) else (parts,)


def _args(emitter: DashEmitter, callback: Background | Ordinary) -> Node:
    """Inputs and then state in one argument: a single one, a list, or a dictionary."""
    if not callback.state:
        return _grouping(emitter, "Input", callback.inputs)
    if isinstance(callback.inputs, Mapping) and isinstance(callback.state, Mapping):
        both = (("Input", callback.inputs), ("State", callback.state))
        named = [
            keyword(key, _grouping(emitter, kind, part))
            for kind, parts in both
            for key, part in parts.items()
        ]
        return Call("dict(", tuple(named))
    return Call("[", _inputs_and_state(emitter, callback), "]")


def _options(emitter: DashEmitter, callback: Background) -> dict[str, Node]:
    dialect = emitter.names.dialect
    options: dict[str, Node] = {"background": "True"} if dialect == "background" else {}
    if callback.manager:
        options["manager"] = callback.manager
    if callback.running:
        entries = tuple(_running(emitter, entry) for entry in callback.running)
        options["running"] = Call("[", entries, "]")
    if callback.cancel:
        options["cancel"] = _grouping(emitter, "Input", callback.cancel)
    if callback.progress:
        options["progress"] = _progress(emitter, callback)
    if callback.progress_default is not UNSET:
        options["progress_default"] = emitter.literal(callback.progress_default)
    if callback.interval_ms is not None:
        options["interval"] = str(callback.interval_ms)
    if callback.on_error is not None:
        options["on_error"] = handler_name(callback)
    options |= callback_options(emitter, callback)
    if dialect == "labs" and (unknown := {"manager", "progress_default"} & set(options)):
        raise BadScenario(f"{callback.name}: Dash Labs has no {unknown.pop()} for a callback")
    return options


def _running(emitter: DashEmitter, entry: tuple[object, ...]) -> Node:
    prop, *values = entry
    output = (
        emitter.dependency("Output", prop) if isinstance(prop, str) else _written(emitter, prop)
    )
    return Call("(", (output, *map(emitter.literal, values)))


def _progress(emitter: DashEmitter, callback: Background) -> Node:
    if emitter.names.dialect != "labs":
        return _grouping(emitter, "Output", callback.progress)
    parts = _listed(callback.progress)
    if mistakes := [part for part in parts if isinstance(part, Plain)]:
        return _written(emitter, mistakes[0])
    # A mistake in one is in both.
    kinds = [part.kind for part in parts if isinstance(part, Dependency)]
    properties = [prop.partition(".") for prop in leaves(callback.progress)]
    if len(properties) != 2:
        raise BadScenario(
            f"{callback.name}: progress of Dash Labs is two properties, "
            f"not {list(leaves(callback.progress))!r}"
        )
    if len({component for component, _, _ in properties}) > 1:
        raise BadScenario(
            f"{callback.name}: progress of Dash Labs is two properties of one component"
        )
    kind = emitter.dependency_name((kinds or ["Output"])[0])
    names = ", ".join(f'"{name}"' for _, _, name in properties)
    return call(kind, emitter.identifier(properties[0][0]), f"({names})")


def handler_name(callback: Background) -> str:
    """The name of the function that is called when a job of the callback fails."""
    return f"{callback.name}_failed"


def _grouping(emitter: DashEmitter, kind: str, parts: Grouping) -> Node:
    """A dependency, a list of them, or several by name."""
    if isinstance(parts, str):
        return emitter.dependency(kind, parts)
    if parts is None or isinstance(parts, (Dependency, Plain)):
        return _written(emitter, parts)
    if isinstance(parts, Mapping):
        named = [keyword(key, _grouping(emitter, kind, part)) for key, part in parts.items()]
        return Call("dict(", tuple(named))
    opening, closing = "[]" if isinstance(parts, FrozenList) else "()"
    return Call(opening, tuple(_grouping(emitter, kind, part) for part in parts), closing)


def _written(emitter: DashEmitter, value: object) -> Node:
    """A value in which dependencies may stand."""
    if isinstance(value, Dependency):
        options = {"allow_duplicate": "True"} if value.allow_duplicate else {}
        return emitter.dependency(value.kind, value.prop, **options)
    if isinstance(value, (list, tuple)):
        opening, closing = "[]" if isinstance(value, list) else "()"
        return Call(opening, tuple(_written(emitter, part) for part in value), closing)
    return emitter.literal(value.value if isinstance(value, Plain) else value)
