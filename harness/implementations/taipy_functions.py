"""The functions of a Taipy user's program: jobs, status functions and actions, as every kind of callable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.implementations.source import (
    INDENT,
    Call,
    Node,
    call,
    function,
    job_body,
    literal,
    opened,
    steps,
)
from harness.scenario import (
    ALWAYS,
    FAILURE,
    RUNNING,
    SUCCESS,
    Action,
    Grouping,
    Job,
    Status,
    Step,
    leaves,
)

Timed = tuple[str, Step]


@dataclass(frozen=True)
class _Function:
    """The source of a callable, and the expression that stands for it where it is handed over."""

    source: str
    reference: Node


def functions(action: Action, handler: str) -> list[str]:
    """The job, its status function and ``handler``, the function that a button calls."""
    job = _job(action)
    status = _status(action, action.status) if action.status else None
    known = _names(action.parameters)
    body = [
        *_said("action", action.parameters, 1),
        *_moments(action.first, known, 1),
        _invocation(action, job.reference, status.reference if status else None),
        *_moments(action.then, known, 1),
    ]
    sources = [job.source, status.source] if status else [job.source]
    return [*sources, function(handler, action.parameters, body)]


def assignment(output: Grouping, value: Node, depth: int) -> str:
    """``state.out = value``, ``depth`` levels deep; of several outputs each gets its item."""
    several = [variable(prop) for prop in leaves(output)]
    alone = isinstance(output, str) or len(several) > 1
    target = ", ".join(several) if alone else f"({several[0]},)"
    return f"{target} = {opened(value, INDENT * depth, after=len(target) + len(' = '))}"


def variable(prop: str) -> str:
    """The expression for what an element shows: its variable is called like the element."""
    return f"state.{prop.partition('.')[0]}"


def _job(action: Action) -> _Function:
    named = tuple(prop.partition(".")[0] for prop in action.arguments)
    takes = named if action.takes is None else action.takes
    known = _names(takes)

    def body(depth: int) -> list[str]:
        return job_body(action.job, action.name, known, depth)

    return _callable(action.kind, action.name, takes, body)


def _status(action: Action, status: Status) -> _Function:
    known = _names(status.parameters)
    periodic = action.period_ms is not None

    def body(depth: int) -> list[str]:
        said = _said("status", status.parameters, depth)
        return [*said, *_chosen(status.steps, known, periodic, depth)]

    return _callable(status.kind, f"{action.name}_status", status.parameters, body)


def _invocation(action: Action, job: Node, status: Node | None) -> str:
    """The call of ``invoke_long_callback``, in the documents' form: always with a list for the job."""
    given = Call("[", tuple(variable(prop) for prop in action.arguments), "]")
    extra = Call("[", tuple(literal(value) for value in action.status_arguments), "]")
    optional: list[tuple[Node, bool]] = [
        (status or "None", status is not None),
        (extra, bool(action.status_arguments)),
        (repr(action.period_ms), action.period_ms is not None),
    ]
    while optional and not optional[-1][1]:
        optional.pop()
    rest = [node for node, _ in optional]
    return opened(call("invoke_long_callback", "state", job, given, *rest), INDENT)


def _callable(
    kind: str, name: str, takes: Sequence[str], body: Callable[[int], list[str]]
) -> _Function:
    """A callable called ``name``; ``body`` gives its statements for a depth of indentation."""
    plain = function(name, takes, body(1))
    match kind:
        case "lambda":
            handed = tuple(one.partition("=")[0] for one in takes)
            head = f"lambda {', '.join(takes)}" if takes else "lambda"
            return _Function(plain, Call(f"{head}: {name}(", handed))
        case "partial":
            bound = call("functools.partial", name, f'"{name}"')
            return _Function(function(name, ["label", *takes], body(1)), bound)
        case "method":
            return _Function(_instance(name, "run", takes, body(2)), f"{name}.run")
        case "object":
            return _Function(_instance(name, "__call__", takes, body(2)), name)
    return _Function(plain, name)


def _instance(name: str, method: str, takes: Sequence[str], body: Sequence[str]) -> str:
    made = "".join(word.capitalize() for word in name.split("_"))
    inner = function(method, ["self", *takes], body, depth=1)
    return f"class {made}:\n{INDENT}{inner}\n\n\n{name} = {made}()"


def _names(takes: Iterable[str]) -> list[str]:
    """The names in a list of parameters, without stars and defaults."""
    names = [one.partition("=")[0].lstrip("*") for one in takes]
    return [name for name in names if name]


def _said(word: str, takes: Sequence[str], depth: int) -> list[str]:
    """The statement in which a function says what it received besides the state."""
    received = {name: name for name in _names(takes) if name != "state"}
    return [opened(call("stage.say", f'"{word}"', **received), INDENT * depth)] if received else []


def _chosen(timed: Sequence[Timed], known: list[str], periodic: bool, depth: int) -> list[str]:
    """The statements of steps that are taken at one kind of status or another."""
    lines: list[str] = []
    for always, group in groupby(timed, key=lambda one: one[0] == ALWAYS):
        part = list(group)
        if always:
            lines += _moments(part, known, depth)
        elif periodic or _at(RUNNING, part):
            lines += _three_ways(part, known, depth)
        else:
            lines += _two_ways(part, known, depth)
    return lines


def _two_ways(timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    success, failure = (_at(when, timed) for when in (SUCCESS, FAILURE))
    if not success:
        return _block("if not status:", failure, known, depth)
    rest = _block("else:", failure, known, depth) if failure else []
    return _block("if status:", success, known, depth) + rest


def _three_ways(timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    running = _at(RUNNING, timed)
    final = [one for one in timed if one not in running]
    if not final:
        return _block("if not isinstance(status, bool):", running, known, depth)
    inner = [f"{INDENT}{line}" for line in _two_ways(final, known, depth + 1)]
    rest = _block("else:", running, known, depth) if running else []
    return ["if isinstance(status, bool):", *inner, *rest]


def _at(when: str, timed: Sequence[Timed]) -> list[Timed]:
    return [one for one in timed if one[0] == when]


def _block(head: str, timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    return [head, *(f"{INDENT}{line}" for line in _moments(timed, known, depth + 1))]


def _moments(timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    return [line for _, step in timed for line in _moment(step, known, depth)]


def _moment(step: Step, known: list[str], depth: int) -> list[str]:
    if step.verb == "assign":
        return [assignment(step.target, literal(step.value, known), depth)]
    if step.verb == "notify":
        told = call("notify", "state", literal(step.target), literal(step.value, known))
        return [opened(told, INDENT * depth)]
    return steps(Job((step,)), known, depth)
