"""What the request of a Dash callback carries, and when no request is possible.

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
    definition = instance.definition
    inputs = _values(instance, definition.inputs, instance.inputs(layout), "Input", layout)
    if inputs is None:
        return None
    outputs = [
        _single(instance, output, properties, "Output")
        for output, properties in zip(definition.outputs, instance.outputs(layout), strict=True)
    ]
    if missing := [output for output in outputs if isinstance(output, str)]:
        if any(inputs):
            raise PageError(missing[0])
        return None
    sent: list[Any] = [_sent(output) for output in outputs]
    state = _values(instance, definition.state, instance.state(layout), "State", layout)
    return {
        "output": definition.output,
        **({"outputs": sent if definition.multi else sent[0]} if sent else {}),
        "inputs": inputs,
        "changedPropIds": list(changed),
        "parsedChangedPropsIds": [_parsed(prop) for prop in changed],
        **({"state": state} if definition.state else {}),
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
    properties: Sequence[list[Property]],
    kind: str,
    layout: Layout,
) -> list[Any] | None:
    each = zip(dependencies, properties, strict=True)
    resolved = [
        _single(instance, dependency, properties_there, kind)
        for dependency, properties_there in each
    ]
    errors = [part for part in resolved if isinstance(part, str)]
    empty = [part for part in resolved if part == []]
    if errors and kind == "Input" and len(errors) + len(empty) == len(resolved):
        return None
    if errors:
        raise PageError(errors[0])
    return [_sent(part, layout) for part in resolved]


def _single(
    instance: Instance, dependency: Dependency, properties: list[Property], kind: str
) -> Property | list[Property] | str:
    """What a dependency stands for, or why it stands for nothing."""
    if dependency.multiple:
        return properties
    if len(properties) == 1:
        return properties[0]
    id = f"`{dependency.id}`" if dependency.pattern is None else dependency.id
    values = f" with MATCH values {instance.match}" if instance.match else ""
    if not properties:
        return (
            f"A nonexistent object was used in an `{kind}` of a Dash callback. The id of this object "
            f"is {id}{values} and the property is `{dependency.name}`."
        )
    return (
        f"Multiple objects were properties for an `{kind}` of a callback that only takes one value. The id "
        f"definition is {id}{values} and the property is `{dependency.name}`. The objects we properties are: "
        f"{[prop.sent for prop in flat([properties])]}"
    )


def _sent(part: Property | list[Property] | str, layout: Layout | None = None) -> Any:
    if isinstance(part, list):
        return [_sent(part, layout) for part in part]
    assert isinstance(part, Property)
    if layout is None:
        return part.sent
    props = layout.props(part.id)  # undefined is left out
    return {**part.sent, **({"value": props[part.name]} if part.name in props else {})}


def _parsed(prop: str) -> Any:
    return parsed(split(prop)[0]) if prop.startswith("{") else prop
