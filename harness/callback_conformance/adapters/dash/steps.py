"""What a function of a Dash program does that no other framework's does."""

from __future__ import annotations

from collections.abc import Sequence

from callback_conformance.adapters.dash.components import components, identifier
from callback_conformance.adapters.source import Call, call, keyed, literal, opened
from callback_conformance.scenario import Step


class DashSteps:
    """Writes the steps that a Dash program has for itself; ``context`` is its name for the context."""

    def __init__(self, context: str) -> None:
        self._context = context

    def __call__(self, step: Step, arguments: Sequence[str], indent: str) -> list[str] | None:
        """The statements of a step; None for a step that is not Dash's own."""
        match step.verb:
            case "set_props":
                id, _, name = step.target.partition(".")
                props = Call("{", (keyed(name, literal(step.value, arguments)),), "}")
                return [opened(call("set_props", identifier(id), props), indent)]
            case "generate":
                return [f"return {opened(components(step.value), indent, after=len('return '))}"]
            case "tell_trigger":
                return [self._say("trigger", indent, **self._trigger())]
            case "tell_values":
                inputs, states = f"{self._context}.inputs", f"{self._context}.states"
                return [self._say("values", indent, inputs=inputs, states=states)]
            case "tell_error":
                exception = "isinstance(error, Exception)"
                return [self._say("error", indent, text="str(error)", exception=exception)]
        return None

    def names(self, verbs: set[str]) -> set[str]:
        """What the program imports for its steps."""
        asked = {"tell_trigger", "tell_values"} & verbs
        return ({self._context} if asked else set()) | ({"set_props"} & verbs)

    def _trigger(self) -> dict[str, str]:
        if self._context == "ctx":
            return {"id": "ctx.triggered_id", "triggered": "ctx.triggered"}
        # An older Dash has an empty list that holds something, and no trigger's id.
        return {"triggered": f"{self._context}.triggered or []"}

    def _say(self, word: str, indent: str, **facts: str) -> str:
        return opened(call("probe.emit", f'"{word}"', **facts), indent)
