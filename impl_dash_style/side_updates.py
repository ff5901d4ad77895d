"""Side updates: what a function sets on its page beside its outputs, by `set_props`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import context
from .encoding import encode, join, whole
from .store import KEEP_S, Store
from .wildcards import text


@dataclass(frozen=True)
class SideUpdate:
    """One call of `set_props`: the component's id as text, and its new values as JSON by property."""

    id: str
    values: dict[str, str]


def set_props(component_id: str | dict[str, Any], props: dict[str, Any]) -> None:
    """Set properties of a component on the page for which the calling function runs.

    In a job, they are shown while it runs; in an ordinary callback, with its answer.
    """
    if not isinstance(props, dict):
        raise TypeError(f"set_props: expected a dict of properties and values, not {props!r}")
    values = {property: encode(whole(value)) for property, value in props.items()}
    update = SideUpdate(_name(component_id), values)
    context.current("set_props").set_props(update)


def add(store: Store, run: str, update: SideUpdate) -> None:
    """Store an update that a run's job has made. It is there when this returns."""
    with store.transact():  # threads of the job may call it at once
        number = count(store, run) + 1
        store.set(_key(run, number), update, expire=KEEP_S)
        store.set(_count_key(run), number, expire=KEEP_S)


def count(store: Store, run: str) -> int:
    """Return how many updates the run's job has made."""
    return store.get(_count_key(run)) or 0


def read(store: Store, run: str, numbers: range) -> list[SideUpdate]:
    """Return some of a run's updates. They are counted from 1."""
    found = [store.get(_key(run, number)) for number in numbers]
    return [update for update in found if update is not None]


def forget(store: Store, run: str, numbers: range) -> None:
    """Drop some of a run's updates: the page has them."""
    for number in numbers:
        store.delete(_key(run, number))


def forget_all(store: Store, run: str) -> None:
    """Drop all updates of a run that is not shown any more."""
    store.delete(_count_key(run))


def merged(updates: Iterable[SideUpdate]) -> str:
    """Return the updates as the renderer reads them. Of one property, the last value remains."""
    found: dict[str, dict[str, str]] = {}
    for update in updates:
        found.setdefault(update.id, {}).update(update.values)
    return join({id: join(values) for id, values in found.items()})


def _key(run: str, number: int) -> str:
    return f"{run}.update.{number}"


def _count_key(run: str) -> str:
    return f"{run}.updates"


def _name(id: Any) -> str:
    plain = str | int | float | bool
    if not isinstance(id, str | dict) or not all(
        isinstance(value, plain) for value in (id.values() if isinstance(id, dict) else ())
    ):
        raise TypeError(f"set_props: expected the id of one component, not {id!r}")
    return text(id)
