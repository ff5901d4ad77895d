"""A callback's decorator, in the form that its dialect gives to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from callback_conformance.adapters.dash import caching as dash_caching
from callback_conformance.adapters.dash.components import dependency
from callback_conformance.adapters.dash.names import DashNames
from callback_conformance.adapters.source import Call, Node, call, keyword, literal
from callback_conformance.scenario import (
    Background,
    BadScenario,
    Dependency,
    Grouping,
    Job,
    Ordinary,
    Plain,
    Step,
    leaves,
)
from callback_conformance.scenario.callbacks import UNSET, Listed


def decorator(callback: Background | Ordinary, names: DashNames, prevented: bool) -> Call:
    """The decorator of a callback; ``prevented`` says that the app prevents initial calls by itself."""
    long = isinstance(callback, Background)
    options = _options(callback, names) if isinstance(callback, Background) else {}
    options |= {name: _written(value, names) for name, value in callback.options.items()}
    if callback.initial == prevented:
        options["prevent_initial_call"] = repr(not callback.initial)
    name = names.starts if long else names.declares
    outputs = [grouping("Output", callback.output, names)] if any(leaves(callback.output)) else []
    by_name = callback.by_name if isinstance(callback, Background) else None
    if by_name is None:
        plain = all(map(_is_plain, (callback.output, callback.inputs, callback.state)))
        by_name = (long and names.dialect == "long_callback") or not plain
    if long and names.dialect == "labs":
        return call(name, output=outputs[0], args=_args(callback, names), **options)
    if by_name:
        named = {"output": outputs[0]} if outputs else {}
        named["inputs"] = grouping("Input", callback.inputs, names)
        if callback.state:
            named["state"] = grouping("State", callback.state, names)
        return call(name, **named, **options)
    inputs = [grouping("Input", part, names) for part in _listed(callback.inputs)]
    states = [grouping("State", part, names) for part in _listed(callback.state)]
    return call(name, *outputs, *inputs, *states, **options)


def _listed(parts: Grouping) -> tuple[Grouping, ...]:
    return parts if isinstance(parts, tuple) else (parts,)


def _is_single(parts: Grouping) -> bool:
    return isinstance(parts, (str, Dependency))


def _is_plain(parts: Grouping) -> bool:
    """True for a dependency, or a list of some: then they may be given by position."""
    listed = isinstance(parts, Listed) and all(map(_is_single, parts))
    return _is_single(parts) or listed or not parts


def _args(callback: Background | Ordinary, names: DashNames) -> Node:
    """Inputs and then state in one argument: a single one, a list, or a dictionary."""
    if not callback.state:
        return grouping("Input", callback.inputs, names)
    if isinstance(callback.inputs, Mapping) and isinstance(callback.state, Mapping):
        both = (("Input", callback.inputs), ("State", callback.state))
        return Call(
            "dict(",
            tuple(
                keyword(key, grouping(kind, part, names))
                for kind, parts in both
                for key, part in parts.items()
            ),
        )
    inputs = [grouping("Input", part, names) for part in _listed(callback.inputs)]
    states = [grouping("State", part, names) for part in _listed(callback.state)]
    return Call("[", (*inputs, *states), "]")


def _options(callback: Background, names: DashNames) -> dict[str, Node]:
    options: dict[str, Node] = {"background": "True"} if names.dialect == "background" else {}
    if callback.manager:
        options["manager"] = callback.manager
    if callback.running:
        entries = tuple(_running(entry, names) for entry in callback.running)
        options["running"] = Call("[", entries, "]")
    if callback.cancel:
        options["cancel"] = grouping("Input", callback.cancel, names)
    if callback.progress:
        options["progress"] = _progress(callback, names)
    if callback.progress_default is not UNSET:
        options["progress_default"] = literal(callback.progress_default)
    if callback.interval_ms is not None:
        options["interval"] = str(callback.interval_ms)
    if callback.on_error is not None:
        options["on_error"] = handler(callback)
    options |= dash_caching.callback_options(
        callback, lambda kind, prop: _dependency(kind, prop, names)
    )
    if names.dialect == "labs" and (unknown := {"manager", "progress_default"} & set(options)):
        raise BadScenario(f"{callback.name}: Dash Labs has no {unknown.pop()} for a callback")
    return options


def _running(entry: tuple[object, ...], names: DashNames) -> Node:
    prop, *values = entry
    literals = (literal(value) for value in values)
    return Call("(", (grouping("Output", prop, names), *literals))


def _progress(callback: Background, names: DashNames) -> Node:
    if names.dialect != "labs":
        return grouping("Output", callback.progress, names)
    given = callback.progress if isinstance(callback.progress, tuple) else (callback.progress,)
    if wrong := [part for part in given if isinstance(part, Plain)]:
        return _written(wrong[0], names)
    kinds = [
        part.kind for part in given if isinstance(part, Dependency)
    ]  # a mistake in one is in both
    found = [prop.partition(".") for prop in leaves(callback.progress)]
    _two(found, callback.name)
    if len({component for component, _, _ in found}) > 1:
        raise BadScenario(
            f"{callback.name}: progress of Dash Labs is two properties of one component"
        )
    properties = ", ".join(f'"{name}"' for _, _, name in found)
    return f'{names.prefix}{(kinds or ["Output"])[0]}("{found[0][0]}", ({properties}))'


def handler(callback: Background) -> str:
    """The name of the function that is called when a job of the callback fails."""
    return f"{callback.name}_failed"


def in_labs(job: Job, name: str) -> Job:
    """The job with each report as the two arguments that ``set_progress`` takes there."""
    return Job(tuple(_report_each(step, name) for step in job.steps))


def _report_each(step: Step, name: str) -> Step:
    if step.verb != "report":
        return step
    return replace(step, verb="report_each", value=tuple(_two(step.value, name)))


def _two(given: Any, name: str) -> Iterable[Any]:
    if not isinstance(given, (list, tuple)) or len(given) != 2:
        raise BadScenario(f"{name}: progress of Dash Labs is two values, not {given!r}")
    return given


def grouping(kind: str, parts: Grouping, names: DashNames) -> Node:
    """One dependency, a list of them, or several by name."""
    if isinstance(parts, str):
        return _dependency(kind, parts, names)
    if isinstance(parts, (Dependency, Plain)):
        return _written(parts, names)
    if isinstance(parts, Mapping):
        named = [keyword(key, grouping(kind, part, names)) for key, part in parts.items()]
        return Call("dict(", tuple(named))
    brackets = "[]" if isinstance(parts, Listed) else "()"
    return Call(brackets[0], tuple(grouping(kind, part, names) for part in parts), brackets[1])


def _dependency(kind: str, prop: str, names: DashNames) -> Node:
    return dependency(f"{names.prefix}{kind}", prop)


def _written(value: object, names: DashNames) -> Node:
    """A value in which dependencies may stand."""
    if isinstance(value, Dependency):
        return _dependency(value.kind, value.prop, names)
    if isinstance(value, (list, tuple)):
        brackets = "[]" if isinstance(value, list) else "()"
        return Call(brackets[0], tuple(_written(part, names) for part in value), brackets[1])
    return literal(value.value if isinstance(value, Plain) else value)
