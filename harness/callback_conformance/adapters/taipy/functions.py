"""The functions of a Taipy user's program: jobs, status functions and actions, as every kind of callable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from callback_conformance.adapters.source import (
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
from callback_conformance.scenario import (
    ALWAYS,
    FAILURE,
    RUNNING,
    SUCCESS,
    Action,
    BadScenario,
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
    """The jobs, their status functions and ``handler``, the function that a button calls."""
    known = _names(action.parameters)
    sources: list[str] = []
    body = [*_said("action", action.parameters, 1), *_moments(action.first, known, 1)]
    for one in (action, *action.also):
        job = _job(one)
        status = _status(one, one.status) if one.status else None
        sources += [job.source, *([status.source] if status else [])]
        body += _invocation(one, job.reference, status.reference if status else "None")
    body += _moments(action.then, known, 1)
    return [*filter(None, sources), function(handler, action.parameters, body)]


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

    name = status.name or f"{action.name}_status"
    return _callable(status.kind, name, status.parameters, body)


def _invocation(action: Action, job: Node, status: Node) -> list[str]:
    """The call of ``invoke_long_callback``, in the documents' form: always with a list for the job."""
    given = Call("[", tuple(variable(prop) for prop in action.arguments), "]")
    extra = Call("[", tuple(literal(value) for value in action.status_arguments), "]")
    optional: list[tuple[Node, bool]] = [
        (status, action.status is not None),
        (extra, bool(action.status_arguments)),
        (repr(action.period_ms), action.period_ms is not None),
    ]
    while optional and not optional[-1][1]:
        optional.pop()
    values = [
        "state",
        job,
        given if action.given is None else literal(action.given),
        *(node for node, _ in optional),
    ]
    if not action.tells_refusal:
        return [opened(call("invoke_long_callback", *values), INDENT)]
    return [
        "try:",
        f"{INDENT}{opened(call('invoke_long_callback', *values), INDENT * 2)}",
        "except Exception as error:",
        f'{INDENT}probe.emit("told", error=repr(error))',
    ]


def _callable(
    kind: str, name: str, takes: Sequence[str], body: Callable[[int], list[str]]
) -> _Function:
    """A callable called ``name``; ``body`` gives its statements for a depth of indentation."""
    match kind:
        case "function":
            return _Function(function(name, takes, body(1)), name)
        case "lambda":
            handed = tuple(one.partition("=")[0] for one in takes)
            head = f"lambda {', '.join(takes)}" if takes else "lambda"
            return _Function(function(name, takes, body(1)), Call(f"{head}: {name}(", handed))
        case "partial":
            bound = call("functools.partial", name, f'"{name}"')
            return _Function(function(name, ["label", *takes], body(1)), bound)
        case "coroutine":
            waits = ["await asyncio.sleep(0)", *body(1)]  # as one does that is worth its keyword
            return _Function(function(name, takes, waits, keyword="async def"), name)
        case "decorated":
            plain = function(name, takes, body(1))
            return _Function(f"{_decorator(name)}\n\n\n@called_{name}\n{plain}", name)
        case "method":
            return _Function(_instance(name, "run", takes, body(2)), f"{name}.run")
        case "object":
            return _Function(_instance(name, "__call__", takes, body(2)), name)
        case "class":
            return _Function(_class(name, "__init__", takes, body(2)), _title(name))
        case "text":
            return _Function("", f'"{name}"')
    raise BadScenario(f"{name}: there is no kind {kind!r} of callable")


def _decorator(name: str) -> str:
    call_it = function("call", ["*args", "**kwargs"], [f"return {name}(*args, **kwargs)"], depth=1)
    body = [f"@functools.wraps({name})", call_it, "", "return call"]
    return function(f"called_{name}", [name], body).replace(f"{INDENT}\n", "\n")


def _instance(name: str, method: str, takes: Sequence[str], body: Sequence[str]) -> str:
    return f"{_class(name, method, takes, body)}\n\n\n{name} = {_title(name)}()"


def _class(name: str, method: str, takes: Sequence[str], body: Sequence[str]) -> str:
    inner = function(method, ["self", *takes], body, depth=1)
    return f"class {_title(name)}:\n{INDENT}{inner}"


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _names(takes: Iterable[str]) -> list[str]:
    """The names in a list of parameters, without stars and defaults."""
    names = [one.partition("=")[0].lstrip("*") for one in takes]
    return [name for name in names if name]


def _said(word: str, takes: Sequence[str], depth: int) -> list[str]:
    """The statement in which a function says what it received besides the state."""
    received = {name: name for name in _names(takes) if name != "state"}
    return [opened(call("probe.emit", f'"{word}"', **received), INDENT * depth)] if received else []


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
