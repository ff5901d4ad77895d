"""The components of a Dash page: a tree, and the path of each component with an id.

It follows ``actions/paths.js`` of the renderer: the order in which the components of a family of ids are
known is that in which they came, and a component that is renewed in its place keeps its rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from callback_conformance.adapters.dash.renderer.ids import parsed, stringified

Path = tuple[Any, ...]  # names of properties, and numbers within lists
Paths = dict[str, list[tuple[str, Path]]]  # the keys of an id, sorted -> its components

NOWHERE: Mapping[str, Any] = {}


class Layout:
    """The components of one tab. Ids are strings, those with keys in JSON."""

    def __init__(self, tree: object) -> None:
        self.tree = tree
        self.changes = 0  # how often a property got another value
        self._paths = _located(tree, (), {})

    def __contains__(self, id: str) -> bool:
        return self.path(id) is not None

    def path(self, id: str) -> Path | None:
        """Where a component stands; None when it is not there."""
        return next(
            (path for known_id, path in self._paths.get(family(id), ()) if known_id == id), None
        )

    def members(self, keys: tuple[str, ...]) -> list[str]:
        """The ids that consist of these keys."""
        return [id for id, _ in self._paths.get(",".join(keys), ())]

    def ids(self) -> list[str]:
        """The ids of all components that are there."""
        return [id for members in self._paths.values() for id, _ in members]

    def props(self, id: str) -> Mapping[str, Any]:
        """The properties of a component that are set."""
        component = self._component(id)
        return component["props"] if component else NOWHERE

    def kind(self, id: str) -> str:
        """The type of a component; empty when it is not there."""
        return str((self._component(id) or NOWHERE).get("type", ""))

    def _component(self, id: str) -> Mapping[str, Any] | None:
        path = self.path(id)
        component = _at(self.tree, path) if path is not None else None
        return component if isinstance(component, Mapping) else None

    def put(self, id: str, props: Mapping[str, object]) -> None:
        """Set properties of a component on the page. Components within them count only after ``look_in``."""
        path = self.path(id)
        assert path is not None, id
        component = _at(self.tree, path)
        if not isinstance(component, Mapping):
            return  # the renderer keeps the path of a component that is gone
        before = component["props"]
        self.changes += any(name not in before or before[name] != props[name] for name in props)
        self.tree = _with(self.tree, path, {**component, "props": {**before, **props}})

    def look_in(self, path: Path) -> None:
        """Find the components at ``path`` and below, and forget those that were there before."""
        self._paths = _located(_at(self.tree, path), path, self._paths)


def family(id: str) -> str:
    """The sorted keys of an id with keys; an id without keys is a family of its own."""
    keys = parsed(id)
    return ",".join(sorted(keys)) if isinstance(keys, dict) else f"{id}."


def components(part: object, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """The ids of the components in a part of a layout and where they stand, in the page's order."""
    if isinstance(part, (list, tuple)):
        for number, child in enumerate(part):
            yield from components(child, (*path, number))
    elif isinstance(part, Mapping) and "props" in part:
        if id := part["props"].get("id"):
            yield stringified(id), path
        yield from components(part["props"].get("children"), (*path, "props", "children"))


def _located(part: object, start: Path, paths: Paths) -> Paths:
    """``paths``, with those at ``start`` and below renewed from ``part``."""
    located = {
        keys: [member for member in members if not start or member[1][: len(start)] != start]
        for keys, members in (paths if start else {}).items()
    }
    for id, path in components(part, start):
        members = located.setdefault(family(id), [])
        before = paths.get(family(id), [])
        rank = before.index((id, path)) if (id, path) in before else len(members)
        members.insert(rank, (id, path))
    return located


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _with(tree: Any, path: Path, value: object) -> Any:
    """A copy of the tree with another value at ``path``."""
    if not path:
        return value
    step, *rest = path
    renewed = _with(tree[step], tuple(rest), value)
    if isinstance(tree, list):
        return [*tree[:step], renewed, *tree[step + 1 :]]
    return {**tree, step: renewed}
