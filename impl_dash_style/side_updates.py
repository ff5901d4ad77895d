"""Side updates: what a function sets on its page beside its outputs, by ``set_props``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from impl_dash_style import context
from impl_dash_style.encoding import encode, join, literal, patched
from impl_dash_style.store import KEEP_S, KeyValueStore
from impl_dash_style.wire import Id, id_text, parse_id


@dataclass(frozen=True)
class SideUpdate:
    """One call of ``set_props``."""

    id: str  # the component's, as text
    values: dict[str, str]  # the new values as JSON, by property


def set_props(component_id: Id, props: dict[str, object]) -> None:
    """Set properties of a component on the page for which the calling function runs.

    A job's are shown while it runs, those of an ordinary callback with its answer.
    """
    if not isinstance(props, dict):
        raise TypeError(f"set_props: expected a dict of properties and values, not {props!r}")
    values = {property: encode(literal(value)) for property, value in props.items()}
    try:
        id = id_text(parse_id(component_id))
    except ValueError as error:
        raise TypeError(f"set_props: {error}") from None
    context.current("set_props").set_props(SideUpdate(id, values))


def add(store: KeyValueStore, page: str, run: str, update: SideUpdate) -> None:
    """Store an update of a run's job. It is there when this returns."""
    with store.transact(page):  # several threads of the job may call it at once
        number = count(store, run) + 1
        store.set(_key(run, number), update, expire=KEEP_S)
        store.set(_count_key(run), number, expire=KEEP_S)


def count(store: KeyValueStore, run: str) -> int:
    """How many updates the run's job has made."""
    return store.get(_count_key(run)) or 0


def read(store: KeyValueStore, run: str, numbers: range) -> list[SideUpdate]:
    """The run's updates with these numbers, which count from 1."""
    updates = [store.get(_key(run, number)) for number in numbers]
    return [SideUpdate(**update) for update in updates if update is not None]


def forget(store: KeyValueStore, run: str, numbers: range) -> None:
    """Drop the run's updates with these numbers: the page has them."""
    for number in numbers:
        store.delete(_key(run, number))


def forget_all(store: KeyValueStore, run: str) -> None:
    """Drop all updates of a run that is no longer shown."""
    store.delete(_count_key(run))


def merged(updates: Iterable[SideUpdate]) -> str:
    """The updates as the renderer reads them. The last value of a property remains, with what patches change."""
    values: dict[str, dict[str, str]] = {}
    for update in updates:
        held = values.setdefault(update.id, {})
        for name, value in update.values.items():
            held[name] = patched(held[name], value) if name in held else value
    return join({id: join(texts) for id, texts in values.items()})


def _key(run: str, number: int) -> str:
    return f"{run}.update.{number}"


def _count_key(run: str) -> str:
    return f"{run}.updates"
