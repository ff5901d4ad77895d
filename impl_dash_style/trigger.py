"""A trigger: what a page sends when it calls a callback."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from dash.dependencies import DashDependency
from flask import request

from impl_dash_style import wildcards
from impl_dash_style.encoding import Json
from impl_dash_style.wire import PropValue, Sent, parse_id, prop_id

if TYPE_CHECKING:
    from impl_dash_style.callbacks import Callback


class BadTrigger(Exception):
    """A request that no renderer would send for this callback."""


@dataclass(frozen=True)
class RequestFacts:
    """The HTTP request that carries a trigger, as far as a function can read it."""

    cookies: dict[str, str]
    headers: dict[str, str]
    path: str  # with the query parameters
    args: dict[str, str]
    remote: str | None
    origin: str | None

    @classmethod
    def current(cls) -> RequestFacts:
        """Those of the request that is being answered."""
        return cls(
            dict(request.cookies),
            dict(request.headers),
            request.full_path,
            dict(request.args),
            request.remote_addr,
            request.origin,
        )


@dataclass(frozen=True)
class Trigger:
    """What a page sends when it calls a callback, in the renderer's form and the order of declaration."""

    outputs: list[Sent]  # without values
    inputs: list[Sent]
    states: list[Sent]
    changed: list[str]  # `id.property` of what has changed; empty for an initial call
    instance: str  # the values of `MATCH`
    request: RequestFacts

    @classmethod
    def restored(cls, request: dict[str, Any], **facts: Any) -> Self:
        """Make it of what a store has kept."""
        return cls(request=RequestFacts(**request), **facts)

    @classmethod
    def read(cls, callback: Callback, payload: dict[str, Json]) -> Trigger:
        """Take a request's payload apart. Raises BadTrigger if it is not one for this callback."""
        try:
            sent = payload.get("outputs") or []
            outputs = _sent(callback.outputs, sent if callback.several else [sent])
            inputs = _sent(callback.inputs, payload["inputs"])
            states = _sent(callback.states, payload.get("state") or [])
            if outputs:
                instance = wildcards.instance(callback.outputs, outputs)
            else:
                instance = wildcards.instance(callback.inputs, inputs)
            changed = [_changed(name) for name in _list(payload.get("changedPropIds", []))]
            return cls(outputs, inputs, states, changed, instance, RequestFacts.current())
        except (KeyError, TypeError, ValueError) as error:
            raise BadTrigger(f"not a request for {callback.id}: {error!a:.200}") from None


def _sent(dependencies: Sequence[DashDependency], sent: Json) -> list[Sent]:
    """What was sent for each dependency. Raises ValueError if it is for others."""
    return [
        [_prop(dependency, prop) for prop in _list(part)]
        if wildcards.stands_for_many(dependency)
        else _prop(dependency, part)
        for dependency, part in zip(dependencies, _list(sent), strict=True)
    ]


def _prop(dependency: DashDependency, sent: Json) -> PropValue:
    if not isinstance(sent, dict):
        raise ValueError(f"expected a property, not {sent!r}")
    property = str(sent["property"]).partition("@")[0]  # what follows tells duplicates apart
    prop: PropValue = {"id": parse_id(sent["id"]), "property": property}
    if "value" in sent:
        prop["value"] = sent["value"]
    if type(dependency)(prop["id"], property) != dependency:
        raise ValueError(f"{prop_id(prop)} in the place of {dependency}")
    return prop


def _changed(name: Json) -> str:
    """The ``id.property`` of what has changed. Raises ValueError for what cannot be one."""
    id = str(name).rpartition(".")[0]
    if id.startswith("{") and not isinstance(json.loads(id), dict):
        raise ValueError(f"expected an id, not {id!r}")
    return str(name)


def _list(sent: Json) -> list[Json]:
    if not isinstance(sent, list):
        raise ValueError(f"expected a list, not {sent!r}")
    return sent
