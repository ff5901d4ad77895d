"""Writes the parts of a program, and notes what the program imports for each as it writes it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from callback_conformance.adapters.source import (
    INDENT,
    Call,
    Node,
    call,
    flat,
    imported,
    keyed,
    opened,
)
from callback_conformance.scenario import (
    Appended,
    Argument,
    BadScenario,
    BarFigure,
    NoUpdate,
    Step,
    Steps,
)
from callback_conformance.scenario.steps import (
    Announce,
    Assign,
    Decline,
    Die,
    EmitError,
    EmitRequest,
    EmitTrigger,
    EmitValues,
    ExitQuietly,
    FrameworkStep,
    Generate,
    Give,
    GiveUnstorable,
    IfWord,
    IgnoreSigterm,
    NameThread,
    Notify,
    Python,
    RaiseError,
    Report,
    SetProps,
    Spin,
    StartChild,
    WaitAt,
)

PROBE = "probe"


@dataclass(frozen=True)
class Scope:
    """Where a statement stands."""

    #: The name of the function.
    function: str
    #: The names that the statement may use.
    names: tuple[str, ...]
    #: How many levels deep it is indented.
    depth: int = 1

    @property
    def indent(self) -> str:
        """The spaces before the statement."""
        return INDENT * self.depth

    @property
    def inner(self) -> Scope:
        """The block within a statement that stands here."""
        return self.at(self.depth + 1)

    def at(self, depth: int) -> Scope:
        """The same function at another depth."""
        return replace(self, depth=depth)


class Emitter:
    """The imports of one program, and the expressions and statements that are the same in every framework."""

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}
        self._names: dict[str, set[str]] = {}

    # What the program imports.

    def module(self, module: str, alias: str = "") -> str:
        """Import a whole module; return the name by which the program knows it."""
        self._modules[module] = alias
        return alias or module

    def name(self, module: str, name: str) -> str:
        """Import a name from a module; return it."""
        self._names.setdefault(module, set()).add(name)
        return name

    def probe(self, function: str, *arguments: Node, **facts: Node) -> Call:
        """A call of a function of the probe."""
        return call(f"{self.module(PROBE)}.{function}", *arguments, **facts)

    def imports(self) -> str:
        """The import statements: the standard library, frameworks, the program's own folder."""
        groups: tuple[list[str], ...] = ([], [], [])
        for module, alias in sorted(self._modules.items()):
            statement = f"import {module} as {alias}" if alias else f"import {module}"
            groups[_group(module)].append(statement)
        for module, names in sorted(self._names.items()):
            groups[_group(module)].append(imported(module, sorted(names, key=_import_order)))
        return "\n\n".join("\n".join(group) for group in groups if group)

    # Values.

    def literal(self, value: object, arguments: Iterable[str] = ()) -> Node:
        """A value as source; ``arguments`` are the names that may stand in braces in a string."""
        names = tuple(arguments)
        match value:
            case Argument(name):
                if name not in names:
                    raise BadScenario(
                        f"arg({name!r}): the function has {', '.join(names) or 'none'}"
                    )
                return name
            case NoUpdate():
                return self.no_update()
            case BarFigure():
                return self.figure(value)
            case Appended(item):
                return self.appended(self.literal(item, names))
            case str():
                return _text(value, names)
            case Mapping():
                pairs = (
                    keyed(self.literal(key), self.literal(part, names))
                    for key, part in value.items()
                )
                return Call("{", tuple(pairs), "}")
            case list() | tuple():
                opening, closing = "[]" if isinstance(value, list) else "()"
                parts = (self.literal(part, names) for part in value)
                return Call(opening, tuple(parts), closing)
        return repr(value)

    def no_update(self) -> str:
        """What leaves an output as it is. Raises BadScenario where the framework has nothing like it."""
        raise BadScenario("programs of this kind cannot leave an output as it is")

    def figure(self, figure: BarFigure) -> Node:
        """A Plotly figure. Raises BadScenario where the framework shows none."""
        raise BadScenario("programs of this kind show no figures")

    def appended(self, item: Node) -> Node:
        """A patch that appends an item. Raises BadScenario where the framework has none."""
        raise BadScenario("programs of this kind have no patches")

    # Statements.

    def job_body(self, job: Steps, scope: Scope) -> list[str]:
        """The statements of a job: it reports that it has started, then takes its steps."""
        arguments = {argument: argument for argument in scope.names}
        started = opened(self.probe("started", f'"{scope.function}"', **arguments), scope.indent)
        return [started, *self.statements(job, scope)]

    def statements(self, steps: Steps, scope: Scope) -> list[str]:
        """The statements of these steps."""
        if _name_word(steps):
            scope = replace(scope, names=(*scope.names, "word"))
        return [line for step in steps.steps for line in self.statement(step, scope)]

    def statement(self, step: Step, scope: Scope) -> list[str]:
        """The lines of one step."""
        match step:
            case WaitAt(gate):
                wait = flat(self.probe("gate", self.literal(gate, scope.names)))
                return [f"word = {wait}" if "word" in scope.names else wait]
            case Announce(word):
                return [flat(self.probe("emit", self.literal(word, scope.names)))]
            case Give(value):
                return self.returned(self.literal(value, scope.names), scope)
            case IfWord(word, inner):
                lines = self.statement(inner, scope.inner)
                return [f'if word == "{word}":', *(f"{INDENT}{line}" for line in lines)]
            case RaiseError(message, kind):
                return [f"raise {kind}({flat(self.literal(message, scope.names))})"]
            case NameThread(name):
                thread = f"{self.module('threading')}.current_thread()"
                return [f"{thread}.name = {flat(self.literal(name, scope.names))}"]
            case Python(source, modules):
                for module in modules:
                    self.module(module)
                return source.splitlines()
            case GiveUnstorable() | ExitQuietly() | Die() | Spin() | IgnoreSigterm() | StartChild():
                return self._of_the_process(step)
            case (
                Report()
                | Decline()
                | SetProps()
                | Generate()
                | EmitTrigger()
                | EmitValues()
                | EmitRequest()
                | EmitError()
                | Assign()
                | Notify()
            ):
                return self.framework_statement(step, scope)
            case _:
                assert_never(step)

    def returned(self, node: Node, scope: Scope) -> list[str]:
        """``return node``."""
        return [f"return {opened(node, scope.indent, after=len('return '))}"]

    def framework_statement(self, step: FrameworkStep, scope: Scope) -> list[str]:
        """The lines of a step for which each framework has words of its own.

        Raises BadScenario where the framework has none.
        """
        kind = type(step).__name__
        raise BadScenario(f"{scope.function}: no function of this kind can take the step {kind}")

    def _of_the_process(
        self,
        step: GiveUnstorable | ExitQuietly | Die | Spin | IgnoreSigterm | StartChild,
    ) -> list[str]:
        """The lines of a step that says something to the job's process."""
        match step:
            case GiveUnstorable():
                return [f"return {self.module('threading')}.Lock()"]
            case ExitQuietly():
                return [f"{self.module('sys')}.exit()"]
            case Die():
                os, signal = self.module("os"), self.module("signal")
                return [f"{os}.kill({os}.getpid(), {signal}.SIGKILL)"]
            case Spin():
                return [flat(self.probe("detach", '"spins"')), "while True:", f"{INDENT}pass"]
            case IgnoreSigterm():
                signal = self.module("signal")
                return [f"{signal}.signal({signal}.SIGTERM, {signal}.SIG_IGN)"]
            case StartChild():
                return [
                    f'child = {self.module("subprocess")}.Popen(["sleep", "600"])',
                    flat(self.probe("emit", '"child"', pid="child.pid")),
                ]
            case _:
                assert_never(step)


def _group(module: str) -> int:
    """0 for the standard library, 1 for what is installed, 2 for the program's own folder."""
    if module == PROBE:
        return 2
    return int(module.partition(".")[0] not in sys.stdlib_module_names)


def _import_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _text(text: str, names: tuple[str, ...]) -> str:
    """A string; one in which names stand in braces is an f-string, whose other braces are doubled."""
    quoted = json.dumps(text, ensure_ascii=False)
    used = re.findall(r"\{(\w+)\}", text)
    if unknown := set(used) - set(names):
        raise BadScenario(f"{text!r} names {unknown}, and the function has {names}")
    if not used:
        return quoted
    parts = re.split(r"(\{\w+\})", quoted)
    parts[::2] = [part.replace("{", "{{").replace("}", "}}") for part in parts[::2]]
    return f"f{''.join(parts)}"


def _name_word(value: object) -> bool:
    """True when steps or a value need the word with which the test released the last gate."""
    match value:
        case Steps(steps):
            return any(map(_name_word, steps))
        case IfWord() | Argument("word"):
            return True
        case Give(part) | Report(part) | SetProps(_, part) | Announce(part) | RaiseError(part):
            return _name_word(part)
        case str():
            return "{word}" in value
        case Appended(item):
            return _name_word(item)
        case Mapping():
            return any(map(_name_word, value.values()))
        case list() | tuple():
            return any(map(_name_word, value))
    return False
