"""What the Dash renderer finds wrong with a program as soon as it has loaded it.

It follows ``validateCallbacksToLayout`` of the renderer (``actions/dependencies.js``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from callback_conformance.adapters.dash.renderer.callbacks import Spec
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.page.tab import TabError


def duplicates(specs: Iterable[Spec], config: Mapping[str, Any]) -> list[TabError]:
    """The outputs that several callbacks have. Looked for in debug mode alone; then nothing runs."""
    if not config.get("validate_callbacks"):
        return []
    counted = Counter(str(one) for spec in specs for one in spec.outputs if "@" not in one.name)
    return [
        TabError(0, f"Duplicate callback outputs: {prop} is already in use.")
        for prop, count in counted.items()
        if count > 1
    ]


def strangers(specs: Sequence[Spec], layout: Layout, config: Mapping[str, Any]) -> list[TabError]:
    """The ids that callbacks name and no component has; patterns may stand for none.

    A validation layout, which the page's ``config`` then holds, is looked at in place of the layout.
    """
    if config.get("suppress_callback_exceptions"):
        return []
    validation = config.get("validation_layout")
    there = Layout(validation) if validation else layout
    outputs = [one for spec in specs for one in spec.outputs]
    found = [spec for spec in specs if any(one.id in there for one in spec.outputs)]
    states = [one for spec in found for one in spec.state]
    inputs = [one for spec in specs for one in spec.inputs]
    kinds = (("Output", outputs), ("State", states), ("Input", inputs))
    missing = dict.fromkeys(
        (kind, one.id)
        for kind, named in kinds
        for one in named
        if one.pattern is None and one.id not in there
    )
    return [TabError(0, f"ID not found in layout: {id!r} ({kind})") for kind, id in missing]
