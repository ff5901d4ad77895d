"""What the Dash renderer finds wrong with a program as soon as it has loaded it.

It follows ``validateCallbacksToLayout`` of the renderer (``actions/dependencies.js``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from callback_conformance.adapters.dash.renderer.callbacks import CallbackDefinition
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.page.tab import TabError


def duplicate_outputs(
    definitions: Iterable[CallbackDefinition], config: Mapping[str, object]
) -> list[TabError]:
    """The outputs that several callbacks have. The renderer checks this in debug mode only, and then runs nothing."""
    if not config.get("validate_callbacks"):
        return []
    counted = Counter(
        str(output)
        for definition in definitions
        for output in definition.outputs
        if "@" not in output.name
    )
    return [
        TabError(0, f"Duplicate callback outputs: {prop} is already in use.")
        for prop, count in counted.items()
        if count > 1
    ]


def missing_ids(
    definitions: Sequence[CallbackDefinition], layout: Layout, config: Mapping[str, object]
) -> list[TabError]:
    """The ids that callbacks name and no component has; a pattern may match no component.

    A validation layout, which the page's ``config`` then holds, is looked at in place of the layout.
    """
    if config.get("suppress_callback_exceptions"):
        return []
    validation = config.get("validation_layout")
    checked = Layout(validation) if validation else layout
    outputs = [output for definition in definitions for output in definition.outputs]
    present = [
        definition
        for definition in definitions
        if any(output.id in checked for output in definition.outputs)
    ]
    states = [state for definition in present for state in definition.state]
    inputs = [dependency for definition in definitions for dependency in definition.inputs]
    kinds = (("Output", outputs), ("State", states), ("Input", inputs))
    missing = dict.fromkeys(
        (kind, dependency.id)
        for kind, named in kinds
        for dependency in named
        if dependency.pattern is None and dependency.id not in checked
    )
    return [TabError(0, f"ID not found in layout: {id!r} ({kind})") for kind, id in missing]
