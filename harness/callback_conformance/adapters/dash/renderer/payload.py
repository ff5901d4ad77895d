"""What the request of a Dash callback carries, and when it cannot be made.

It follows ``fillVals`` and ``executeCallback`` of the renderer (``actions/callbacks.ts``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from callback_conformance.adapters.dash.renderer.callbacks import Instance, flat
from callback_conformance.adapters.dash.renderer.ids import parsed, split
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patterns import Dependency, Property


class PageError(Exception):
    """An error in the page's own program, which it reports."""


def body(instance: Instance, changed: Sequence[str], layout: Layout) -> dict[str, Any] | None:
    """The body of the first request; None when the callback is silently left out.

    Raises PageError.
    """
    spec = instance.spec
    inputs = _values(instance, spec.inputs, instance.inputs(layout), "Input", layout)
    if inputs is None:
        return None
    outputs = [
        _single(instance, one, found, "Output")
        for one, found in zip(spec.outputs, instance.outputs(layout), strict=True)
    ]
    if missing := [one for one in outputs if isinstance(one, str)]:
        if any(inputs):
            raise PageError(missing[0])
        return None
    sent: list[Any] = [_sent(one) for one in outputs]
    state = _values(instance, spec.state, instance.state(layout), "State", layout)
    return {
        "output": spec.output,
        **({"outputs": sent if spec.multi else sent[0]} if sent else {}),
        "inputs": inputs,
        "changedPropIds": list(changed),
        "parsedChangedPropsIds": [_parsed(prop) for prop in changed],
        **({"state": state} if spec.state else {}),
    }


def without_values(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a poll: values are gone, but those in lists stay, as the renderer leaves them."""
    emptied: dict[str, Any] = json.loads(json.dumps(body))
    for dependency in (*emptied["inputs"], *emptied.get("state", ())):
        if isinstance(dependency, dict):
            dependency["value"] = None
    return emptied


def _values(
    instance: Instance,
    dependencies: Sequence[Dependency],
    found: Sequence[list[Property]],
    kind: str,
    layout: Layout,
) -> list[Any] | None:
    each = zip(dependencies, found, strict=True)
    resolved = [_single(instance, one, there, kind) for one, there in each]
    errors = [one for one in resolved if isinstance(one, str)]
    empty = [one for one in resolved if one == []]
    if errors and kind == "Input" and len(errors) + len(empty) == len(resolved):
        return None
    if errors:
        raise PageError(errors[0])
    return [_sent(one, layout) for one in resolved]


def _single(
    instance: Instance, dependency: Dependency, found: list[Property], kind: str
) -> Property | list[Property] | str:
    """What a dependency stands for, or why it stands for nothing."""
    if dependency.multiple:
        return found
    if len(found) == 1:
        return found[0]
    id = f"`{dependency.id}`" if dependency.pattern is None else dependency.id
    values = f" with MATCH values {instance.match}" if instance.match else ""
    if not found:
        return (
            f"A nonexistent object was used in an `{kind}` of a Dash callback. The id of this object "
            f"is {id}{values} and the property is `{dependency.name}`."
        )
    return (
        f"Multiple objects were found for an `{kind}` of a callback that only takes one value. The id "
        f"spec is {id}{values} and the property is `{dependency.name}`. The objects we found are: "
        f"{[one.sent for one in flat([found])]}"
    )


def _sent(one: Property | list[Property] | str, layout: Layout | None = None) -> Any:
    if isinstance(one, list):
        return [_sent(part, layout) for part in one]
    assert isinstance(one, Property)
    if layout is None:
        return one.sent
    props = layout.props(one.id)  # undefined is left out
    return {**one.sent, **({"value": props[one.name]} if one.name in props else {})}


def _parsed(prop: str) -> Any:
    return parsed(split(prop)[0]) if prop.startswith("{") else prop
