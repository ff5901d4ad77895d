"""What the parameters of a status function receive at the end of its job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callback_conformance.model.allowed import Allowed, exactly
from callback_conformance.scenario import Status

#: The requirements that say that a status function of each kind is called.
CALLED = {
    "function": (),
    "method": ("STATUS-16",),
    "lambda": ("STATUS-16",),
    "partial": ("STATUS-16",),
    "object": ("STATUS-16",),
    "coroutine": ("STATUS-24",),
    "decorated": ("STATUS-22",),
}


@dataclass(frozen=True)
class Outcome:
    """How a job has ended, for its status function."""

    returned: bool
    result: object
    status_arguments: tuple[object, ...]


@dataclass(frozen=True)
class _Parameters:
    """The parameters of a status function after the state, as Python reads them."""

    positional: tuple[str, ...]
    variadic: str
    keyword_only: tuple[str, ...]
    defaults: dict[str, str]

    @classmethod
    def of(cls, status: Status) -> _Parameters:
        positional: list[str] = []
        keyword_only: list[str] = []
        variadic, defaults = "", {}
        is_after_star = False
        for written in status.parameters[1:]:
            name, equals, default = written.partition("=")
            if name.startswith("**"):
                continue
            if name.startswith("*"):
                variadic, is_after_star = name[1:], True
                continue
            (keyword_only if is_after_star else positional).append(name)
            if equals:
                defaults[name] = default.strip('"')
        return cls(tuple(positional), variadic, tuple(keyword_only), defaults)


def received(status: Status, outcome: Outcome) -> dict[str, Allowed]:
    """What each parameter after the state receives."""
    parameters = _Parameters.of(status)
    is_named = "result" in (*parameters.positional, *parameters.keyword_only)
    left = list(outcome.status_arguments)
    is_result_left = not is_named
    has_arguments = bool(left)
    values: dict[str, Allowed] = {}
    for place, name in enumerate(parameters.positional):
        if place == 0:
            values[name] = exactly(outcome.returned, "STATUS-1" if outcome.returned else "STATUS-2")
        elif name == "result":
            values[name] = _result(outcome, "STATUS-10" if has_arguments else "STATUS-6")
        elif left:
            values[name] = exactly(left.pop(0), "STATUS-8")
        elif is_result_left:
            values[name] = _result(outcome, "STATUS-9" if has_arguments else "STATUS-6")
            is_result_left = False
        else:
            values[name] = exactly(parameters.defaults.get(name), "STATUS-23")
    for name in parameters.keyword_only:
        if name == "result":
            values[name] = _result(outcome, "STATUS-21")
    if parameters.variadic:
        values[parameters.variadic] = _rest(parameters, outcome, left, is_result_left)
    return values


def _result(outcome: Outcome, requirement: str) -> Allowed:
    if outcome.returned:
        return exactly(outcome.result, requirement, "STATUS-11")
    return exactly(None, "STATUS-26")


def _rest(
    parameters: _Parameters, outcome: Outcome, left: Sequence[object], is_result_left: bool
) -> Allowed:
    """What ``*rest`` receives: the status, if it stands after the state, then what is left."""
    first = [] if parameters.positional else [outcome.returned]
    rest = [*first, *left]
    ids = ("STATUS-20",) if parameters.positional else ("STATUS-19", "STATUS-20")
    if not (is_result_left and outcome.returned):
        return Allowed((rest, [*rest, None]) if is_result_left else (rest,), ids)
    return exactly([*rest, outcome.result], *ids, "STATUS-30")


def demanded_by(status: Status) -> Iterator[str]:
    """The requirements that say that the function is called at all, the narrowest first."""
    yield from CALLED[status.kind]
    parameters = _Parameters.of(status)
    if parameters.variadic and not parameters.positional:
        yield "STATUS-19"
    if "result" in parameters.keyword_only:
        yield "STATUS-21"
    if len(status.parameters) == 2:
        yield "STATUS-12"
    if len(status.parameters) == 1:
        yield "STATUS-18"
