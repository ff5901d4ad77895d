"""A trigger: what a page says when it calls a callback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash.dependencies import DashDependency

from . import wildcards

if TYPE_CHECKING:
    from .callbacks import Callback


class BadTrigger(Exception):
    """A request that no renderer would send for this callback."""


@dataclass(frozen=True)
class Trigger:
    """What a page says when it calls a callback, in the renderer's form.

    `outputs`, `inputs` and `states` have an item for each that the callback declares, in its order:
    {id, property, value}, or a list of such where it stands for many components. `changed` names the
    properties whose change it is; none for an initial call. `instance` is the value of `MATCH`.
    """

    outputs: list[Any]
    inputs: list[Any]
    states: list[Any]
    changed: list[str]
    instance: str

    @classmethod
    def read(cls, callback: Callback, payload: Any) -> Trigger:
        """Take a request's payload apart. Raise BadTrigger if it is not one for this callback."""
        try:
            sent = payload.get("outputs") or []
            outputs = _items(callback.outputs, sent if callback.several else [sent])
            inputs = _items(callback.inputs, payload["inputs"])
            states = _items(callback.states, payload.get("state") or [])
            if outputs:
                instance = wildcards.instance(callback.outputs, outputs)
            else:
                instance = wildcards.instance(callback.inputs, inputs)
            changed = [str(name) for name in payload.get("changedPropIds", [])]
            return cls(outputs, inputs, states, changed, instance)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadTrigger(f"not a request for {callback.id}: {error!r}") from None


def name(item: dict[str, Any]) -> str:
    """Return `id.property` of what a page has sent."""
    return f"{wildcards.text(item['id'])}.{item['property']}"


def value(items: Any) -> Any:
    """Return the value of what a page has sent for a dependency: a list if it stands for many."""
    if isinstance(items, list):
        return [item.get("value") for item in items]
    return items.get("value")


def _items(dependencies: list[Any], sent: Any) -> list[Any]:
    """Return what was sent for each dependency. Raise ValueError if it is for others."""
    return [
        [_item(dependency, item) for item in items]
        if wildcards.many(dependency)
        else _item(dependency, items)
        for dependency, items in zip(dependencies, sent, strict=True)
    ]


def _item(dependency: DashDependency, item: Any) -> dict[str, Any]:
    property = item["property"].partition("@")[0]  # what follows tells duplicates apart
    if type(dependency)(item["id"], property) != dependency:
        raise ValueError(f"{name(item)} in the place of {dependency}")
    return {**item, "property": property}


def flat(lists: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield each component's item."""
    for items in lists:
        yield from items if isinstance(items, list) else [items]
