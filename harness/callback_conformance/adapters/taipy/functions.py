"""The functions of a Taipy user's program: jobs, status functions and actions, as every kind of callable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from callback_conformance.adapters.callables import CallableSource, written_callable
from callback_conformance.adapters.emitter import Scope
from callback_conformance.adapters.source import INDENT, Call, Node, call, function, opened
from callback_conformance.adapters.taipy.emitter import TaipyEmitter, variable
from callback_conformance.scenario import (
    ALWAYS,
    FAILURE,
    RUNNING,
    SUCCESS,
    Action,
    Status,
    Step,
)

TimedStep = tuple[str, Step]


def functions(emitter: TaipyEmitter, action: Action, handler: str) -> list[str]:
    """The jobs, their status functions and ``handler``, the function that a button calls."""
    scope = Scope(handler, _names(action.parameters))
    sources: list[str] = []
    body = [
        *_received(emitter, "action", action.parameters, scope),
        *_taken(emitter, action.first, scope),
    ]
    for invoked in (action, *action.also):
        job = _job(emitter, invoked)
        status = _status(emitter, invoked, invoked.status) if invoked.status else None
        sources += [job.source, *([status.source] if status else [])]
        reference = status.reference if status else "None"
        body += _invocation(emitter, invoked, job.reference, reference)
    body += _taken(emitter, action.then, scope)
    starts = [function("on_init", ["state"], [f"{handler}(state)"])] if action.initial else []
    return [*filter(None, sources), function(handler, action.parameters, body), *starts]


def _job(emitter: TaipyEmitter, action: Action) -> CallableSource:
    named = tuple(prop.partition(".")[0] for prop in action.arguments)
    takes = named if action.takes is None else action.takes
    scope = Scope(action.name, _names(takes))

    def body(depth: int) -> list[str]:
        return emitter.job_body(action.job, scope.at(depth))

    return written_callable(emitter, action.kind, action.name, takes, body)


def _status(emitter: TaipyEmitter, action: Action, status: Status) -> CallableSource:
    name = status.name or f"{action.name}_status"
    scope = Scope(name, _names(status.parameters))
    is_periodic = action.period_ms is not None

    def body(depth: int) -> list[str]:
        received = _received(emitter, "status", status.parameters, scope.at(depth))
        return [*received, *_chosen(emitter, status.steps, scope.at(depth), is_periodic)]

    return written_callable(emitter, status.kind, name, status.parameters, body)


def _invocation(emitter: TaipyEmitter, action: Action, job: Node, status: Node) -> list[str]:
    """The call of ``invoke_long_callback``, in the documents' form: always with a list for the job."""
    arguments: Node = Call("[", tuple(variable(prop) for prop in action.arguments), "]")
    if action.literal_arguments is not None:
        arguments = emitter.literal(action.literal_arguments)
    extra = Call("[", tuple(map(emitter.literal, action.status_arguments)), "]")
    optional: list[tuple[Node, bool]] = [
        (status, action.status is not None),
        (extra, bool(action.status_arguments)),
        (repr(action.period_ms), action.period_ms is not None),
    ]
    while optional and not optional[-1][1]:
        optional.pop()
    values = ["state", job, arguments, *(node for node, _ in optional)]
    invocation = call(emitter.taipy("invoke_long_callback"), *values)
    if not action.emits_error:
        return [opened(invocation, INDENT)]
    raised = emitter.probe("emit", '"raised"', error="repr(error)")
    return [
        "try:",
        f"{INDENT}{opened(invocation, INDENT * 2)}",
        "except Exception as error:",
        f"{INDENT}{opened(raised, INDENT * 2)}",
    ]


def _names(parameters: Iterable[str]) -> tuple[str, ...]:
    """The names in a list of parameters, without stars and defaults."""
    names = [parameter.partition("=")[0].lstrip("*") for parameter in parameters]
    return tuple(filter(None, names))


def _received(
    emitter: TaipyEmitter, event: str, parameters: Sequence[str], scope: Scope
) -> list[str]:
    """The statement in which a function reports what it received besides the state."""
    received = {name: name for name in _names(parameters) if name != "state"}
    if not received:
        return []
    return [opened(emitter.probe("emit", f'"{event}"', **received), scope.indent)]


def _chosen(
    emitter: TaipyEmitter, timed: Sequence[TimedStep], scope: Scope, is_periodic: bool
) -> list[str]:
    """The statements of steps that are taken at one kind of status or another."""
    lines: list[str] = []
    for always, group in groupby(timed, key=lambda timed_step: timed_step[0] == ALWAYS):
        part = list(group)
        if always:
            lines += _taken(emitter, part, scope)
        elif is_periodic or _at(RUNNING, part):
            lines += _three_ways(emitter, part, scope)
        else:
            lines += _two_ways(emitter, part, scope)
    return lines


def _two_ways(emitter: TaipyEmitter, timed: Sequence[TimedStep], scope: Scope) -> list[str]:
    success, failure = (_at(when, timed) for when in (SUCCESS, FAILURE))
    if not success:
        return _block(emitter, "if not status:", failure, scope)
    rest = _block(emitter, "else:", failure, scope) if failure else []
    return _block(emitter, "if status:", success, scope) + rest


def _three_ways(emitter: TaipyEmitter, timed: Sequence[TimedStep], scope: Scope) -> list[str]:
    running = _at(RUNNING, timed)
    final = [timed_step for timed_step in timed if timed_step not in running]
    if not final:
        return _block(emitter, "if not isinstance(status, bool):", running, scope)
    inner = [f"{INDENT}{line}" for line in _two_ways(emitter, final, scope.inner)]
    rest = _block(emitter, "else:", running, scope) if running else []
    return ["if isinstance(status, bool):", *inner, *rest]


def _at(when: str, timed: Sequence[TimedStep]) -> list[TimedStep]:
    return [timed_step for timed_step in timed if timed_step[0] == when]


def _block(emitter: TaipyEmitter, head: str, timed: Sequence[TimedStep], scope: Scope) -> list[str]:
    return [head, *(f"{INDENT}{line}" for line in _taken(emitter, timed, scope.inner))]


def _taken(emitter: TaipyEmitter, timed: Sequence[TimedStep], scope: Scope) -> list[str]:
    return [line for _, step in timed for line in emitter.statement(step, scope)]
