"""Actions that invoke long callbacks, and the status functions that hear how these fare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from callback_conformance.scenario.steps import ALWAYS, Step, Steps, TimedSteps, as_steps
from callback_conformance.scenario.values import Value

#: A step; a step and when it is taken; or several of these.
Does: TypeAlias = Step | tuple[str, Step] | Sequence[Step | tuple[str, Step]]


@dataclass(frozen=True)
class Status:
    """A status function."""

    parameters: tuple[str, ...]
    #: What it does at which status.
    steps: TimedSteps
    #: ``function``, ``method``, ``lambda``, ``partial``, ``object`` (one that can be called), ``coroutine``,
    #: ``decorated`` (by a function that takes and passes on anything), ``class``, or ``text``, which cannot
    #: be called.
    kind: str = "function"
    #: Empty: the name of its job, and ``_status``.
    name: str = ""


@dataclass(frozen=True)
class Action:
    """An action function that invokes a long callback."""

    #: The name of the job.
    name: str
    #: The button that calls the action function.
    trigger: str
    job: Steps
    #: The properties whose values the job receives.
    arguments: tuple[str, ...] = ()
    #: A literal in their place: a list of values, or what a program passes by mistake.
    literal_arguments: Value = None
    status: Status | None = None
    #: The values that the status function receives.
    status_arguments: tuple[Value, ...] = ()
    period_ms: float | None = None
    #: The job's parameters; None: one for each argument, called like its component.
    takes: tuple[str, ...] | None = None
    #: The job's kind of callable, as of a status function.
    kind: str = "function"
    #: The parameters of the action function.
    parameters: tuple[str, ...] = ("state",)
    #: What the action function does before it invokes the job, and after.
    first: TimedSteps = ()
    then: TimedSteps = ()
    #: Whether it emits ``raised`` when the invocation raises.
    emits_error: bool = False
    #: Whether the app also calls it for each new user, by ``on_init``.
    initial: bool = False
    #: Long callbacks that it invokes after this one; of each the name, the job and its arguments count.
    also: tuple[Action, ...] = ()


def status(*parameters: str, does: Does = (), kind: str = "function", name: str = "") -> Status:
    """A status function with these parameters (``state`` and ``status`` first).

    ``does`` is one step or several: what ``assign`` and ``notify`` make, any other step, or
    ``(when, step)`` for one that is not taken at each call. A parameter may be written as in Python:
    ``"result=None"``, ``"*rest"``. Several long callbacks may share the one that has this ``name``.
    """
    return Status(parameters, _timed(does), kind, name)


def invoke(
    *,
    trigger: str,
    job: Steps | Step,
    arguments: tuple[str, ...] = (),
    literal_arguments: Value = None,
    status: Status | None = None,
    status_arguments: tuple[Value, ...] = (),
    period_ms: float | None = None,
    takes: tuple[str, ...] | None = None,
    kind: str = "function",
    parameters: tuple[str, ...] = ("state",),
    first: Does = (),
    then: Does = (),
    emits_error: bool = False,
    initial: bool = False,
    also: Sequence[Action] = (),
    name: str = "heavy_function",
) -> Action:
    """A long callback invoked by the button ``trigger``. The fields of Action say what each argument is."""
    return Action(
        name=name,
        trigger=trigger,
        job=as_steps(job),
        arguments=tuple(arguments),
        literal_arguments=literal_arguments,
        status=status,
        status_arguments=tuple(status_arguments),
        period_ms=period_ms,
        takes=takes,
        kind=kind,
        parameters=parameters,
        first=_timed(first),
        then=_timed(then),
        emits_error=emits_error,
        initial=initial,
        also=tuple(also),
    )


def _timed(does: Does) -> TimedSteps:
    """Steps with the moments at which they are taken."""
    if isinstance(does, Step):
        return ((ALWAYS, does),)
    if does and isinstance(does[0], str):
        return (cast("tuple[str, Step]", does),)
    several = cast("Sequence[Step | tuple[str, Step]]", does)
    return tuple((ALWAYS, step) if isinstance(step, Step) else step for step in several)
