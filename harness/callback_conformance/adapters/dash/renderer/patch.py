"""Values that the Dash renderer takes for a patch of what a property holds (``actions/patch.ts``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callback_conformance.adapters.dash.renderer.payload import PageError

KEY = "__dash_patch_update"


def patched(props: Mapping[str, object], older: Mapping[str, object]) -> dict[str, Any]:
    """The new values of these properties; ``older`` are the values before. Raises PageError."""
    return {name: _patched(name, value, older) for name, value in props.items()}


def _patched(name: str, value: object, older: Mapping[str, object]) -> Any:
    if not isinstance(value, Mapping) or KEY not in value:
        return value
    if name not in older:
        raise PageError("Cannot patch undefined")
    operations = value.get("operations")
    if not isinstance(operations, list):
        raise PageError("Cannot read properties of undefined (reading 'length')")
    held: Any = older[name]
    for operation in operations:
        kind, location = operation.get("operation"), operation.get("location")
        if kind not in ("Assign", "Append") or location != []:
            raise PageError(f"this page knows no such patch: {operation}")  # nothing here sends one
        value = operation["params"]["value"]
        held = [*held, value] if kind == "Append" else value
    return held
