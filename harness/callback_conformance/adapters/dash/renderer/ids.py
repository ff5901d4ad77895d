"""The ids of Dash's components: in the protocol, in the page's own bookkeeping, and as a scenario writes them.

The protocol has an id as a string or as an object; a property of it as ``{"index":1,"type":"row"}.value``,
with sorted keys. A scenario writes ``row[1].value``. The bookkeeping uses the protocol's strings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from callback_conformance.scenario.wildcards import indexed_component


def stringified(id: object) -> str:
    """An id as a string, as the renderer writes it."""
    if isinstance(id, str):
        return id
    return json.dumps(id, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def parsed(id: str) -> str | dict[str, Any]:
    """An id as requests carry it."""
    if not id.startswith("{"):
        return id
    keys: dict[str, Any] = json.loads(id)
    return keys


def split(prop: str) -> tuple[str, str]:
    """The id and the name of a property: an id may contain dots, a name may not."""
    id, _, name = prop.rpartition(".")
    return id, name


def protocol_id(component: str) -> str:
    """The protocol's id of a component with this name in a scenario."""
    indexed = indexed_component(component)
    if indexed is None:
        return component
    index = [indexed.index] if indexed.is_wildcard else indexed.index
    return stringified({"type": indexed.family, "index": index})


def protocol_property(prop: str) -> str:
    """The protocol's name of a property with this name in a scenario."""
    component, _, name = prop.partition(".")
    return f"{protocol_id(component)}.{name}"


def scenario_id(id: object) -> str:
    """A scenario's name for the component with this id; an id of another form stays as it is."""
    keys = parsed(id) if isinstance(id, str) else id
    if isinstance(keys, Mapping) and set(keys) == {"type", "index"}:
        return f"{keys['type']}[{keys['index']}]"
    return stringified(keys)


def scenario_property(prop: str) -> str:
    """A scenario's name for a property."""
    id, name = split(prop)
    return f"{scenario_id(id)}.{name}"
