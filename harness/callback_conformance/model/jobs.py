"""What the function of a job does, from one gate to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from callback_conformance.scenario import Argument, NoUpdate, Step
from callback_conformance.scenario.steps import (
    Decline,
    Die,
    EmitError,
    ExitQuietly,
    Give,
    GiveUnstorable,
    IfWord,
    NameThread,
    RaiseError,
    Report,
    SetProps,
    WaitAt,
)

#: What Python has beside the kinds of Exception.
_NO_EXCEPTIONS = ("BaseException", "GeneratorExit", "KeyboardInterrupt", "SystemExit")


class NotModelled(ValueError):
    """The model does not know what a part of a scenario means."""


class End(Enum):
    """How a job has ended."""

    RESULT = "result"
    DECLINED = "declined"
    RAISED = "raised"
    #: Its process is gone, what it returned cannot be stored, or it raised what is no ``Exception``.
    DIED = "died"
    CANCELLED = "cancelled"

    @property
    def failed(self) -> bool:
        """Whether the job has failed, as the glossary of SPEC.md says."""
        return self in (End.RAISED, End.DIED)


@dataclass(frozen=True)
class Stretch:
    """What a job does from where it is let go on to where it waits or ends."""

    #: The progress that it reports, in order.
    reports: tuple[object, ...] = ()
    #: The properties that it sets, in order.
    updates: tuple[tuple[str, object], ...] = ()
    #: The gate at which it waits then; empty when it has ended.
    gate: str = ""
    #: The steps that are left to it.
    rest: tuple[Step, ...] = ()
    end: End | None = None
    result: object = None


def stretch(steps: Sequence[Step], names: Mapping[str, object]) -> Stretch:
    """What comes of these steps up to the next gate; ``names`` are the arguments, and the word of the release.

    Raises NotModelled.
    """
    reports: list[object] = []
    updates: list[tuple[str, object]] = []
    for number, step in enumerate(_taken(steps, names)):
        match step:
            case None:
                pass
            case WaitAt(gate):
                rest = tuple(steps[number + 1 :])
                return Stretch(tuple(reports), tuple(updates), gate, rest)
            case Report(progress):
                reports.append(filled(progress, names))
            case SetProps(prop, part):
                updates.append((prop, filled(part, names)))
            case EmitError() | NameThread():
                pass
            case _:
                end, result = _end(step, names)
                return Stretch(tuple(reports), tuple(updates), end=end, result=result)
    return Stretch(tuple(reports), tuple(updates), end=End.RESULT)


def _taken(steps: Sequence[Step], names: Mapping[str, object]) -> Iterator[Step | None]:
    """The steps, with those that depend on the word replaced by what they come to."""
    for step in steps:
        if isinstance(step, IfWord):
            yield step.step if names.get("word") == step.word else None
        else:
            yield step


def _end(step: Step, names: Mapping[str, object]) -> tuple[End, object]:
    match step:
        case Give(result):
            returned = filled(result, names)
            return (End.DECLINED if _is_no_update(returned) else End.RESULT), returned
        case Decline():
            return End.DECLINED, None
        case RaiseError(kind=kind):
            return (End.DIED if kind in _NO_EXCEPTIONS else End.RAISED), None
        case Die() | ExitQuietly() | GiveUnstorable():
            return End.DIED, None
    raise NotModelled(f"the model does not know the step {step}")


def _is_no_update(returned: object) -> bool:
    if isinstance(returned, tuple):
        return bool(returned) and all(map(_is_no_update, returned))
    return isinstance(returned, NoUpdate)


def filled(part: object, names: Mapping[str, object]) -> object:
    """A value of the scenario with what its arguments and braces stand for."""
    match part:
        case Argument(name):
            return names[name]
        case str():
            return re.sub(r"\{(\w+)\}", lambda match: str(names[match.group(1)]), part)
        case Mapping():
            return {key: filled(inner, names) for key, inner in part.items()}
        case list() | tuple():
            return type(part)(filled(inner, names) for inner in part)
    return part
