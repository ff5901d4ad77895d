"""What a Dash program says of caching: the functions of ``cache_by``, and where they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callback_conformance.adapters.source import Call, Node, function, literal, opened
from callback_conformance.scenario import (
    Background,
    BadScenario,
    CacheBy,
    CachedBy,
    Manager,
    Scenario,
    leaves,
)

#: How each kind of function is written as an expression, and the modules that it uses.
_KINDS: dict[str, tuple[Callable[[CacheBy], str], tuple[str, ...]]] = {
    "constant": (lambda one: _quoted(one), ()),
    "launch_id": (lambda one: "launch_uid", ("uuid",)),
    "text_of": (lambda one: f"pathlib.Path({_quoted(one)}).read_text()", ("pathlib",)),
    "modification_time_of": (lambda one: f"os.path.getmtime({_quoted(one)})", ("os",)),
    "login_name": (lambda one: "flask.request.authorization.username", ("flask",)),
}
FRAMEWORKS = {"flask"}  # modules that no standard library has


def _quoted(one: CacheBy) -> str:
    return opened(literal(one.subject))


def modules(scenario: Scenario) -> set[str]:
    """The modules that the functions of ``cache_by`` use."""
    return {module for one in _functions(scenario) for module in _KINDS[one.kind][1]}


def constants(scenario: Scenario) -> list[str]:
    """What stands right before the managers: the id of a launch."""
    used = any(one.kind == "launch_id" for one in _functions(scenario))
    return ["launch_uid = uuid.uuid4()"] if used else []


def preparations(scenario: Scenario) -> list[str]:
    """What stands above the app: each function that is more than its value."""
    parts = []
    for one in dict.fromkeys(one for one in _functions(scenario) if one.told):
        body = [f"probe.hit({opened(literal(one.told))})", f"return {_expression(one)}"]
        parts.append(function(one.told, (), body))
    return parts


def manager_options(manager: Manager) -> dict[str, Node]:
    """The arguments of a manager beside its cache."""
    options: dict[str, Node] = {}
    if manager.cache_by is not None:
        options["cache_by"] = _written(manager.cache_by)
    if manager.expire_seconds is not None:
        options["expire"] = str(manager.expire_seconds)
    return options


def callback_options(
    callback: Background, dependency: Callable[[str, str], Node]
) -> dict[str, Node]:
    """The arguments of a decorator; ``dependency`` writes one of a kind for a property."""
    options: dict[str, Node] = {}
    inputs = set(leaves(callback.inputs))
    if callback.cache_by is not None:
        options["cache_by"] = _written(
            callback.cache_by, lambda prop: dependency("Input" if prop in inputs else "State", prop)
        )
    if callback.cache_args_to_skip:
        options["cache_args_to_skip"] = literal(list(callback.cache_args_to_skip))
    return options


def _functions(scenario: Scenario) -> Iterator[CacheBy]:
    places: list[CachedBy] = [manager.cache_by for manager in scenario.managers]
    places += [c.cache_by for c in scenario.callbacks if isinstance(c, Background)]
    for place in places:
        several = place if isinstance(place, (list, tuple)) else (place,)
        yield from (one for one in several if isinstance(one, CacheBy))


def _written(given: CachedBy, dependency: Callable[[str], Node] = literal) -> Node:
    """``dependency`` writes a string: as it stands where it is a word, else as the property that it names."""
    if isinstance(given, CacheBy):
        return given.told or f"lambda: {_expression(given)}"
    if isinstance(given, (list, tuple)):
        return Call("[", tuple(_written(one, dependency) for one in given), "]")
    return dependency(given) if isinstance(given, str) else literal(given)


def _expression(one: CacheBy) -> str:
    if one.kind not in _KINDS:
        raise BadScenario(f"no program of this kind can be cached by {one.kind!r}")
    return _KINDS[one.kind][0](one)
