"""Actions that invoke long callbacks, and the functions that are told how these fare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from callback_conformance.scenario.jobs import ALWAYS, Job, Step

Timed = tuple[tuple[str, Step], ...]


@dataclass(frozen=True)
class Status:
    """A status function: its parameters, what it does at which status, what kind of callable it is, and
    its name (empty: that of its job, and ``_status``).

    Kinds are ``function``, ``method``, ``lambda``, ``partial``, ``object`` (one that can be called),
    ``coroutine``, ``decorated`` (by a function that takes and passes on anything), ``class``, and ``text``,
    which cannot be called.
    """

    parameters: tuple[str, ...]
    steps: Timed
    kind: str = "function"
    name: str = ""


@dataclass(frozen=True)
class Action:
    """An action function that invokes a long callback, and those of ``also``."""

    name: str
    trigger: str
    job: Job
    arguments: tuple[str, ...] = ()
    given: Any = None
    status: Status | None = None
    status_arguments: tuple[Any, ...] = ()
    period_ms: float | None = None
    takes: tuple[str, ...] | None = None
    kind: str = "function"
    parameters: tuple[str, ...] = ("state",)
    first: Timed = ()
    then: Timed = ()
    tells_refusal: bool = False
    also: tuple[Action, ...] = ()


def status(*parameters: str, does: Any = (), kind: str = "function", name: str = "") -> Status:
    """A status function with these parameters (``state`` and ``status`` first).

    ``does`` is one step or several: what ``assign`` and ``notify`` make, any other step, or
    ``(when, step)`` for one that is not taken at each call. A parameter may be written as in Python:
    ``"result=None"``, ``"*rest"``. Several long callbacks may be given the one that has this ``name``.
    """
    return Status(parameters, _timed(does), kind, name)


def invoke(
    *,
    trigger: str,
    job: Job | Step,
    arguments: tuple[str, ...] = (),
    given: Any = None,
    status: Status | None = None,
    status_arguments: tuple[Any, ...] = (),
    period_ms: float | None = None,
    takes: tuple[str, ...] | None = None,
    kind: str = "function",
    parameters: tuple[str, ...] = ("state",),
    first: Any = (),
    then: Any = (),
    tells_refusal: bool = False,
    also: Sequence[Action] = (),
    name: str = "heavy_function",
) -> Action:
    """A long callback invoked by the button ``trigger``.

    ``arguments`` are properties whose values are handed to the job; ``given`` is a literal that stands in
    their place, a list of values or what a program gives by mistake; ``status_arguments`` are literal
    values; ``period_ms`` is in milliseconds; ``parameters`` are those of the action function, which
    does what ``first`` says before it invokes the job, and ``then`` after; ``takes`` are the job's own
    parameters, by default one for each argument, called like its component; ``kind`` is the job's kind
    of callable, as of a status function; with ``tells_refusal`` the action says ``told`` when the
    invocation raises; ``also`` are long callbacks that it invokes after this one, of which the name, the
    job and what is given to it count; ``name`` is the job's.
    """
    return Action(
        name=name,
        trigger=trigger,
        job=job if isinstance(job, Job) else Job((job,)),
        arguments=tuple(arguments),
        given=given,
        status=status,
        status_arguments=tuple(status_arguments),
        period_ms=period_ms,
        takes=takes,
        kind=kind,
        parameters=parameters,
        first=_timed(first),
        then=_timed(then),
        tells_refusal=tells_refusal,
        also=tuple(also),
    )


def _timed(does: Any) -> Timed:
    """Steps with the moments at which they are taken."""
    alone = isinstance(does, Step) or (does and isinstance(does[0], str))
    return tuple(
        (ALWAYS, step) if isinstance(step, Step) else step for step in ((does,) if alone else does)
    )
