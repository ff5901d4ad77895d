"""What a Dash program says of caching: the functions of ``cache_by``, and where they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from callback_conformance.adapters.dash.emitter import DashEmitter
from callback_conformance.adapters.source import Call, Node, flat, function, keyed, opened
from callback_conformance.scenario import (
    Background,
    BadScenario,
    CacheBy,
    CachedBy,
    Manager,
    leaves,
)


def manager_options(emitter: DashEmitter, manager: Manager) -> dict[str, Node]:
    """The arguments of a manager beside its cache."""
    options: dict[str, Node] = {}
    if manager.cache_by is not None:
        options["cache_by"] = _cache_by(emitter, manager.cache_by, emitter.literal)
    if manager.expire_seconds is not None:
        options["expire"] = str(manager.expire_seconds)
    return options


def callback_options(emitter: DashEmitter, callback: Background) -> dict[str, Node]:
    """The arguments of a decorator."""
    options: dict[str, Node] = {}
    if callback.cache_by is not None:
        argument = partial(_argument, emitter, set(leaves(callback.inputs)))
        options["cache_by"] = _cache_by(emitter, callback.cache_by, argument)
    if callback.cache_args_to_skip:
        options["cache_args_to_skip"] = emitter.literal(list(callback.cache_args_to_skip))
    return options


def _argument(emitter: DashEmitter, inputs: set[str], prop: str) -> Node:
    return emitter.dependency("Input" if prop in inputs else "State", prop)


def _cache_by(emitter: DashEmitter, cache_by: CachedBy, text: Callable[[str], Node]) -> Node:
    """``text`` writes a string: as it stands where it is a word, else as the property that it names."""
    if isinstance(cache_by, CacheBy):
        return _function(emitter, cache_by)
    if isinstance(cache_by, (list, tuple)):
        return Call("[", tuple(_cache_by(emitter, part, text) for part in cache_by), "]")
    return text(cache_by) if isinstance(cache_by, str) else emitter.literal(cache_by)


def _function(emitter: DashEmitter, cache_by: CacheBy) -> str:
    """A function that reports to the probe stands above the app, another where it is used."""
    if cache_by.kind == "parameter":
        return "lambda user: user"
    expression = _expression(emitter, cache_by)
    if not cache_by.hits:
        return f"lambda: {expression}"
    hit = flat(emitter.probe("hit", emitter.literal(cache_by.hits)))
    emitter.define(function(cache_by.hits, (), [hit, f"return {expression}"]))
    return cache_by.hits


def _expression(emitter: DashEmitter, cache_by: CacheBy) -> str:
    subject = opened(emitter.literal(cache_by.subject))
    match cache_by.kind:
        case "constant":
            return subject
        case "launch_id":
            emitter.constant(f"launch_uid = {emitter.module('uuid')}.uuid4()")
            return "launch_uid"
        case "text_of":
            return f"{emitter.module('pathlib')}.Path({subject}).read_text()"
        case "value_in":
            for module in cache_by.modules:
                emitter.module(module)
            pairs = tuple(keyed(f'"{word}"', text) for word, text in cache_by.table.items())
            emitter.constant(f"VALUES = {opened(Call('{', pairs, '}'))}")
            return f"VALUES[{emitter.module('pathlib')}.Path({subject}).read_text()]"
        case "modification_time_of":
            return f"{emitter.module('os')}.path.getmtime({subject})"
        case "modification_date_of":
            time = f"{emitter.module('os')}.path.getmtime({subject})"
            return f"{emitter.module('datetime')}.datetime.fromtimestamp({time})"
        case "login_name":
            return f"{emitter.module('flask')}.request.authorization.username"
    raise BadScenario(f"no program of this kind can be cached by {cache_by.kind!r}")
