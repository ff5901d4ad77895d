"""Python source as a person would write it: calls that fit on a line stay on one, others are opened."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from callback_conformance.scenario import Argument, BadScenario, BarFigure, Job, NoUpdate, Step

WIDTH = 88  # the line length that Python's formatters default to
INDENT = "    "


@dataclass(frozen=True)
class Call:
    """An expression in brackets: ``head`` and opening bracket, parts, closing bracket."""

    head: str
    parts: tuple[Node, ...]
    close: str = ")"
    prefix: str = ""

    @property
    def flat(self) -> str:
        inside = ", ".join(flat(part) for part in self.parts)
        only = "," if self.head == "(" and len(self.parts) == 1 else ""
        return f"{self.prefix}{self.head}{inside}{only}{self.close}"


Node: TypeAlias = str | Call


def flat(node: Node) -> str:
    """The expression on one line."""
    return node if isinstance(node, str) else node.flat


def call(name: str, /, *arguments: Node, **keywords: Node) -> Call:
    """A call of ``name``; keyword arguments keep their order."""
    named = [keyword(key, value) for key, value in keywords.items()]
    return Call(f"{name}(", (*arguments, *named))


def keyword(name: str, value: Node) -> Node:
    """``name=value``."""
    if isinstance(value, Call):
        return Call(value.head, value.parts, value.close, f"{name}={value.prefix}")
    return f"{name}={value}"


def opened(node: Node, indent: str = "", always: bool = False, after: int = 0) -> str:
    """The expression laid out from ``indent`` on; ``after`` characters follow it on its last line."""
    one_line = flat(node)
    fits = len(indent) + len(one_line) + after <= WIDTH
    if isinstance(node, str) or not node.parts or (fits and not always):
        return one_line
    deeper = indent + INDENT
    parts = [f"{deeper}{opened(part, deeper, after=1)},\n" for part in node.parts]
    return f"{node.prefix}{node.head}\n{''.join(parts)}{indent}{node.close}"


def imported(package: str, names: Sequence[str]) -> str:
    """``from package import names``, in brackets where they do not fit on a line."""
    line = f"from {package} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return opened(Call(f"from {package} import (", tuple(names)), always=True)


def literal(value: Any, arguments: Iterable[str] = ()) -> Node:
    """A value as source; ``arguments`` are the names that may stand in braces in a string."""
    names = tuple(arguments)
    if isinstance(value, Argument):
        if value.name not in names:
            raise BadScenario(f"arg({value.name!r}): the function has {', '.join(names) or 'none'}")
        return value.name
    if isinstance(value, NoUpdate):
        return "no_update"
    if isinstance(value, BarFigure):
        axis = f'{{"xaxis": {{"range": [0, {value.total}]}}}}'
        return call("go.Figure", f"go.Bar(x=[{value.value}])", layout=axis)
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)
        used = re.findall(r"\{(\w+)\}", value)
        if unknown := set(used) - set(names):
            raise BadScenario(f"{value!r} names {unknown}, and the function has {names}")
        return f"f{_other_braces_doubled(quoted)}" if used else quoted
    if isinstance(value, Mapping):
        pairs = [keyed(key, literal(part, names)) for key, part in value.items()]
        return Call("{", tuple(pairs), "}")
    if isinstance(value, (list, tuple)):
        brackets = "[]" if isinstance(value, list) else "()"
        return Call(brackets[0], tuple(literal(part, names) for part in value), brackets[1])
    return repr(value)


def _other_braces_doubled(quoted: str) -> str:
    """Braces without a name in them stand for themselves in an f-string when they are doubled."""
    parts = re.split(r"(\{\w+\})", quoted)
    parts[::2] = [part.replace("{", "{{").replace("}", "}}") for part in parts[::2]]
    return "".join(parts)


def keyed(key: Any, value: Node) -> Node:
    """``"key": value`` in a dictionary."""
    name = flat(literal(key))
    if isinstance(value, Call):
        return Call(value.head, value.parts, value.close, f"{name}: {value.prefix}")
    return f"{name}: {value}"


def function(
    name: str,
    arguments: Sequence[str],
    body: Sequence[str],
    depth: int = 0,
    keyword: str = "def",
) -> str:
    """A function definition ``depth`` levels deep; the statements in ``body`` are laid out for there."""
    indent = INDENT * depth
    head = opened(Call(f"{keyword} {name}(", tuple(arguments)), indent, after=1)
    return "\n".join([f"{head}:", *(f"{indent}{INDENT}{line}" for line in body or ["pass"])])


class Own(Protocol):
    """Writes the steps that only the programs of one framework have; None for all others."""

    def __call__(self, step: Step, arguments: Sequence[str], indent: str) -> list[str] | None: ...


def none_of_its_own(step: Step, arguments: Sequence[str], indent: str) -> None:
    """No step is written otherwise than everywhere."""


def job_body(
    job: Job, name: str, arguments: Sequence[str], depth: int = 1, own: Own = none_of_its_own
) -> list[str]:
    """The statements of a job: it says that it has started, then takes its steps."""
    told = {argument: argument for argument in arguments}
    enter = opened(call("probe.started", f'"{name}"', **told), INDENT * depth)
    return [enter, *steps(job, arguments, depth, own)]


def steps(
    job: Job, arguments: Sequence[str], depth: int = 1, own: Own = none_of_its_own
) -> list[str]:
    """The statements of these steps, ``depth`` levels deep in a function that has these arguments."""
    given = any(step.verb == "if_told" or _names_word(step.value) for step in job.steps)
    known = [*arguments, "word"] if given else arguments
    indent = INDENT * depth
    written = [own(step, known, indent) or _step(step, known, indent) for step in job.steps]
    return [line for lines in written for line in lines]


def _names_word(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_names_word, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_names_word, value))
    return value == Argument("word") or (isinstance(value, str) and "{word}" in value)


def _step(step: Step, arguments: Sequence[str], indent: str) -> list[str]:
    if step.verb == "python":
        return str(step.value).splitlines()
    value = literal(step.value, arguments)
    match step.verb:
        case "wait_at":
            return [
                f"word = probe.gate({value})" if "word" in arguments else f"probe.gate({value})"
            ]
        case "announce":
            return [f"probe.emit({value})"]
        case "report":
            return [opened(call("set_progress", value), indent)]
        case "report_each":
            assert isinstance(value, Call)
            return [opened(call("set_progress", *value.parts), indent)]
        case "give":
            return [f"return {opened(value, indent, after=len('return '))}"]
        case "no_update":
            return ["return no_update"]
        case "decline":
            return ["raise PreventUpdate"]
        case "if_told":
            inner = _step(step.target, arguments, indent + INDENT)
            return [f"if word == {flat(value)}:", *(f"{INDENT}{line}" for line in inner)]
        case "give_unstorable":
            return ["return threading.Lock()"]
        case "raise_error":
            return [f"raise {step.target}({value})"]
        case "exit_quietly":
            return ["sys.exit()"]
        case "die":
            return ["os.kill(os.getpid(), signal.SIGKILL)"]
        case "spin":
            return ['probe.detach("spins")', "while True:", f"{INDENT}pass"]
        case "ignore_sigterm":
            return ["signal.signal(signal.SIGTERM, signal.SIG_IGN)"]
        case "name_thread":
            return [f"threading.current_thread().name = {value}"]
        case "start_child":
            return [
                'child = subprocess.Popen(["sleep", "600"])',
                'probe.emit("child", pid=child.pid)',
            ]
    raise BadScenario(f"no function of this kind can take the step {step.verb!r}")


_NEEDS = {
    "exit_quietly": ("sys",),
    "die": ("os", "signal"),
    "ignore_sigterm": ("signal",),
    "start_child": ("subprocess",),
    "give_unstorable": ("threading",),
    "name_thread": ("threading",),
}


def standard_modules(jobs: Iterable[Job]) -> list[str]:
    """The modules of the standard library that these jobs use."""
    all_steps = [step for job in jobs for step in taken(job)]
    needed = {module for step in all_steps for module in _NEEDS.get(step.verb, ())}
    needed |= {module for step in all_steps if step.verb == "python" for module in step.target}
    return sorted(needed)


def taken(job: Job) -> Iterator[Step]:
    """Every step that a job may take."""
    for step in job.steps:
        yield step.target if step.verb == "if_told" else step


def uses_no_update(job: Job) -> bool:
    """True when a job leaves an output as it is."""
    return any(step.verb == "no_update" or _holds_no_update(step.value) for step in taken(job))


def _holds_no_update(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_no_update, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_holds_no_update, value))
    return isinstance(value, NoUpdate)


def uses_figures(value: Any) -> bool:
    """True when a Plotly figure stands anywhere in ``value``."""
    if isinstance(value, Job):
        literal_python = [str(step.value) for step in value.steps if step.verb == "python"]
        return any("go." in source for source in literal_python) or any(
            uses_figures(step.value) for step in value.steps
        )
    if isinstance(value, Mapping):
        return any(uses_figures(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return any(uses_figures(part) for part in value)
    return isinstance(value, BarFigure)
