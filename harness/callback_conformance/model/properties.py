"""What the dependencies of a callback stand for on a page, wildcards included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from callback_conformance.model.jobs import NotModelled
from callback_conformance.scenario import (
    Background,
    FrozenList,
    Grouping,
    NoUpdate,
    Ordinary,
    Scenario,
    indexed_component,
    leaves,
)

#: Which of the components that ``MATCH`` stands for is meant; None for a callback without it.
Instance: TypeAlias = int | None


def concrete(prop: str, scenario: Scenario, instance: Instance) -> tuple[str, ...]:
    """The properties that a dependency stands for, in the order of their components."""
    component, _, name = prop.partition(".")
    indexed = indexed_component(component)
    if indexed is None or not indexed.is_wildcard:
        return (prop,)
    indices = [
        member.index
        for member in map(indexed_component, (part.id for part in scenario.components))
        if member and member.family == indexed.family and isinstance(member.index, int)
    ]
    if indexed.index == "MATCH":
        indices = [index for index in indices if index == instance]
    elif indexed.index == "ALLSMALLER":
        indices = [index for index in indices if instance is not None and index < instance]
    return tuple(f"{indexed.family}[{index}].{name}" for index in indices)


def every(prop: str, scenario: Scenario) -> tuple[str, ...]:
    """The properties that a dependency stands for in any instance."""
    return concrete(prop.replace("[MATCH]", "[ALL]"), scenario, None)


def is_several(prop: str) -> bool:
    """Whether a dependency stands for a list of properties."""
    indexed = indexed_component(prop.partition(".")[0])
    return indexed is not None and indexed.index in ("ALL", "ALLSMALLER")


def has_match(grouping: Grouping) -> bool:
    """Whether ``MATCH`` stands in one of the dependencies."""
    return any("[MATCH]" in prop for prop in leaves(grouping))


def instances(
    callback: Background | Ordinary, prop: str, scenario: Scenario
) -> tuple[Instance, ...]:
    """The instances of a callback that a change of a property triggers."""
    parts = (callback.inputs, callback.output)
    if not any(map(has_match, parts)):
        listening = any(prop in concrete(part, scenario, None) for part in leaves(callback.inputs))
        return (None,) if listening else ()
    return tuple(
        instance
        for instance in _indices(parts, scenario)
        if any(prop in concrete(part, scenario, instance) for part in leaves(callback.inputs))
    )


def _indices(parts: Sequence[Grouping], scenario: Scenario) -> list[int]:
    """The indices that ``MATCH`` stands for."""
    families = {
        indexed.family
        for part in parts
        for prop in leaves(part)
        if (indexed := indexed_component(prop.partition(".")[0])) and indexed.index == "MATCH"
    }
    members = [indexed_component(component.id) for component in scenario.components]
    return sorted(
        {
            member.index
            for member in members
            if member and member.family in families and isinstance(member.index, int)
        }
    )


def spread(
    grouping: Grouping, returned: object, scenario: Scenario, instance: Instance
) -> Iterator[tuple[str, object]]:
    """The properties of outputs or progress, each with its part of what a job returned or reported. Raises
    WrongForm."""
    if grouping is None:
        return
    if isinstance(grouping, str):
        places = concrete(grouping, scenario, instance)
        yield from zip(places, _parts(grouping, returned, len(places)), strict=True)
    elif isinstance(grouping, Mapping):
        if not isinstance(returned, Mapping) or returned.keys() != grouping.keys():
            raise WrongForm(f"{returned!r} for {sorted(grouping)}")
        for key, part in grouping.items():
            yield from spread(part, returned[key], scenario, instance)
    elif isinstance(grouping, (FrozenList, tuple)):
        if not isinstance(returned, (list, tuple)) or len(returned) != len(grouping):
            raise WrongForm(f"{returned!r} for {len(grouping)} properties")
        for part, share in zip(grouping, returned, strict=True):
            yield from spread(part, share, scenario, instance)
    else:
        raise NotModelled(f"the model does not know the grouping {grouping!r}")


class WrongForm(ValueError):
    """What a job returned or reported does not have the form of the properties that it is for."""


def _parts(prop: str, returned: object, count: int) -> Sequence[object]:
    if not is_several(prop):
        return [returned]
    if not isinstance(returned, (list, tuple)) or len(returned) != count:
        raise WrongForm(f"{returned!r} for {count} components")
    return returned


def is_no_update(share: object) -> bool:
    """Whether a part of a result leaves its output as it is."""
    return isinstance(share, NoUpdate)
