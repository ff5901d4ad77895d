"""What pages and the server send each other: the forms of its JSON, and the ids in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NotRequired, TypeAlias, TypedDict

from impl_dash_style.encoding import Json

#: The id of one component.
Id: TypeAlias = "str | dict[str, str | int | float | bool]"


class PropValue(TypedDict):
    """One property of one component. Outputs come without a value."""

    id: Id
    property: str
    value: NotRequired[Json]


#: What a page sends for one dependency: a list where the dependency stands for many components.
Sent: TypeAlias = "PropValue | list[PropValue]"


class CallbackSpec(TypedDict):
    """A callback as the renderer knows it."""

    output: str  # the callback's id
    inputs: list[dict[str, object]]
    state: list[dict[str, object]]
    prevent_initial_call: bool
    clientside_function: None
    background: dict[str, int] | None  # the interval between two polls, of a background callback
    no_output: NotRequired[bool]
    running: NotRequired[dict[str, dict[str, object]]]  # on values and off values


class RendererOptions(TypedDict):
    """The settings of the renderer that a program can choose."""

    ui: bool  # show the errors of callbacks on the page
    suppress_callback_exceptions: bool
    validation_layout: NotRequired[object]


def parse_id(id: object) -> Id:
    """The id of one component. Raises ValueError for anything else."""
    if isinstance(id, str):
        return id
    if isinstance(id, dict) and all(isinstance(part, str | int | float) for part in id.values()):
        return id
    raise ValueError(f"expected the id of one component, not {id!r}")


def id_text(id: str | Mapping[str, object]) -> str:
    """An id as the renderer writes it."""
    if isinstance(id, str):
        return id
    return json.dumps(id, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def prop_id(prop: PropValue) -> str:
    """``id.property`` of what a page has sent."""
    return f"{id_text(prop['id'])}.{prop['property']}"


def value_of(sent: Sent) -> Json:
    """The value of what a page has sent for a dependency: a list if it stands for many components."""
    if isinstance(sent, list):
        return [prop.get("value") for prop in sent]
    return sent.get("value")


def listed(sent: Sent) -> list[PropValue]:
    """What a page has sent for a dependency, as a list also for a single component."""
    return sent if isinstance(sent, list) else [sent]


def flat(sent: Iterable[Sent]) -> Iterator[PropValue]:
    """The properties that a page has sent, one by one."""
    for prop_or_list in sent:
        yield from listed(prop_or_list)
