"""What the Dash renderer finds wrong with a program as soon as it has loaded it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from harness.pages.dash_renderer import Spec
from harness.pages.tab import TabError


def duplicates(specs: Iterable[Spec], config: Mapping[str, Any]) -> list[TabError]:
    """The outputs that several callbacks have. Looked for in debug mode alone; then nothing runs."""
    if not config.get("validate_callbacks"):
        return []
    counted = Counter(prop for spec in specs for prop in spec.outputs if "@" not in spec.output)
    return [
        TabError(0, f"Duplicate callback outputs: {prop} is already in use.")
        for prop, count in counted.items()
        if count > 1
    ]


def strangers(
    specs: Iterable[Spec], ids: Collection[str], config: Mapping[str, Any]
) -> list[TabError]:
    """The ids that callbacks name and no component has."""
    if config.get("suppress_callback_exceptions"):
        return []
    missing = dict.fromkeys(id for spec in specs for id in _ids(spec) if id not in ids)
    return [TabError(0, f"ID not found in layout: {id!r}") for id in missing]


def _ids(spec: Spec) -> Iterator[str]:
    for prop in (*spec.outputs, *spec.inputs, *spec.state):
        yield prop.partition(".")[0]
