"""Writes what the functions of Taipy's programs have in common."""

from __future__ import annotations

from callback_conformance.adapters.emitter import Emitter, Scope
from callback_conformance.adapters.source import INDENT, Node, call, opened
from callback_conformance.scenario import Grouping, leaves
from callback_conformance.scenario.steps import Assign, FrameworkStep, Notify


class TaipyEmitter(Emitter):
    """Writes one program, which imports Taipy's names from ``package``."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self._package = package

    def taipy(self, name: str) -> str:
        """A name of the framework."""
        return self.name(self._package, name)

    def framework_statement(self, step: FrameworkStep, scope: Scope) -> list[str]:
        match step:
            case Assign(properties, value):
                return [assignment(properties, self.literal(value, scope.names), scope.depth)]
            case Notify(kind, message):
                texts = self.literal(kind), self.literal(message, scope.names)
                return [opened(call(self.taipy("notify"), "state", *texts), scope.indent)]
        return super().framework_statement(step, scope)


def assignment(output: Grouping, value: Node, depth: int) -> str:
    """``state.out = value``, ``depth`` levels deep; of several outputs each gets its item."""
    variables = [variable(prop) for prop in leaves(output)]
    alone = isinstance(output, str) or len(variables) > 1
    target = ", ".join(variables) if alone else f"({variables[0]},)"
    return f"{target} = {opened(value, INDENT * depth, after=len(target) + len(' = '))}"


def variable(prop: str) -> str:
    """The expression for what an element shows: its variable is called like the element."""
    return f"state.{prop.partition('.')[0]}"
