"""What a function does, step by step.

Steps are joined by ``>>``: ``report(1) >> wait_at("half") >> give("done")``. A string in which a name
of the function's arguments stands in braces is filled in: ``give("Hello {name}")``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from callback_conformance.scenario.components import Component
from callback_conformance.scenario.values import NO_UPDATE, Value

#: When a step of a status function is taken: at each call, or at one kind of status only.
ALWAYS, RUNNING, SUCCESS, FAILURE = "always", "running", "success", "failure"


class _Joined:
    """What can be joined with the steps that come after it."""

    def __rshift__(self, then: Step | Steps) -> Steps:
        return Steps((cast("Step", self),)) >> then  # each subclass is a Step


@dataclass(frozen=True)
class Steps:
    """The steps of a function, in order."""

    steps: tuple[Step, ...] = ()

    def __rshift__(self, then: Step | Steps) -> Steps:
        return Steps(self.steps + (then.steps if isinstance(then, Steps) else (then,)))


@dataclass(frozen=True)
class WaitAt(_Joined):
    """Report that the function stands at ``gate``, and wait there until the test releases it. The word that
    the test releases it with is ``arg("word")`` from then on."""

    gate: str


@dataclass(frozen=True)
class Announce(_Joined):
    """Report the event ``word``, and go on."""

    word: str


@dataclass(frozen=True)
class Report(_Joined):
    """Report progress: a value, or as many as there are progress properties."""

    progress: Value


@dataclass(frozen=True)
class Give(_Joined):
    """Return a value."""

    value: Value


@dataclass(frozen=True)
class Decline(_Joined):
    """Raise the exception that leaves every output as it is."""


@dataclass(frozen=True)
class IfWord(_Joined):
    """Take ``step`` if the test released the function's last gate with ``word``."""

    word: str
    step: Step


@dataclass(frozen=True)
class GiveUnstorable(_Joined):
    """Return a value that no process can hand to another: a lock."""


@dataclass(frozen=True)
class RaiseError(_Joined):
    """Raise an exception of this kind, one that Python has built in."""

    message: str
    kind: str = "ValueError"


@dataclass(frozen=True)
class ExitQuietly(_Joined):
    """Raise SystemExit, as ``sys.exit()`` does."""


@dataclass(frozen=True)
class Die(_Joined):
    """End the process of the job at once, as a crash or the kernel's memory killer does."""


@dataclass(frozen=True)
class Spin(_Joined):
    """Compute for ever without yielding."""


@dataclass(frozen=True)
class IgnoreSigterm(_Joined):
    """From now on ignore the signal that asks a process to end."""


@dataclass(frozen=True)
class StartChild(_Joined):
    """Start a child process that outlives the job unless someone ends it."""


@dataclass(frozen=True)
class NameThread(_Joined):
    """Give the thread that runs the function this name, as programs do for their log."""

    name: str


@dataclass(frozen=True)
class SetProps(_Joined):
    """Give a property of the page a value now, whatever the outputs of the callback are."""

    prop: str
    value: Value


@dataclass(frozen=True)
class Generate(_Joined):
    """Return components, which then stand on the page."""

    components: tuple[Component, ...]


@dataclass(frozen=True)
class EmitTrigger(_Joined):
    """Report what the context says has triggered the function: the event ``trigger``, with ``id`` and
    ``triggered``."""


@dataclass(frozen=True)
class EmitValues(_Joined):
    """Report the values of inputs and state that the context holds: the event ``values``, with ``inputs``
    and ``states``."""


@dataclass(frozen=True)
class EmitRequest(_Joined):
    """Report what the context holds of the request that carries the trigger: the event ``request``, with
    ``headers``, ``cookies`` and ``path``."""


@dataclass(frozen=True)
class EmitError(_Joined):
    """In what is called when a job fails, report its argument: the event ``error``, with ``text`` and
    whether it is an ``exception``."""


@dataclass(frozen=True)
class Python(_Joined):
    """Statements of Python as they stand: what no other step says, such as a loop.

    They may use the function's arguments, ``set_progress``, ``probe`` and these modules of the standard
    library, and may return.
    """

    source: str
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assign(_Joined):
    """Give each of these properties, or the one, its value."""

    properties: str | Sequence[str]
    value: Value


@dataclass(frozen=True)
class Notify(_Joined):
    """Notify the user: ``success``, ``info`` or ``error``."""

    kind: str
    message: str


#: Steps that the programs of every framework take in the same words.
PlainStep: TypeAlias = (
    WaitAt
    | Announce
    | Give
    | IfWord
    | GiveUnstorable
    | RaiseError
    | ExitQuietly
    | Die
    | Spin
    | IgnoreSigterm
    | StartChild
    | NameThread
    | Python
)
#: Steps of the functions of a callback, in words of its framework.
CallbackStep: TypeAlias = (
    Report | Decline | SetProps | Generate | EmitTrigger | EmitValues | EmitRequest | EmitError
)
#: Steps of status and action functions.
ActionStep: TypeAlias = Assign | Notify
#: Steps for which each framework has words of its own, or none.
FrameworkStep: TypeAlias = CallbackStep | ActionStep
Step: TypeAlias = PlainStep | FrameworkStep

#: Steps with the moments at which they are taken.
TimedSteps: TypeAlias = tuple[tuple[str, Step], ...]

# The words in which scenarios write steps.

wait_at = WaitAt
announce = Announce
report = Report
give = Give
decline = Decline
if_word = IfWord
give_unstorable = GiveUnstorable
raise_error = RaiseError
exit_quietly = ExitQuietly
die = Die
spin = Spin
ignore_sigterm = IgnoreSigterm
start_child = StartChild
name_thread = NameThread
set_props = SetProps
emit_trigger = EmitTrigger
emit_values = EmitValues
emit_request = EmitRequest
emit_error = EmitError


def no_update() -> Give:
    """Return, and leave every output as it is."""
    return Give(NO_UPDATE)


def generate(*components: Component) -> Generate:
    """Return components, which then stand on the page."""
    return Generate(components)


def python(source: str, *modules: str) -> Python:
    """Statements of Python as they stand, indented as one likes."""
    return Python(textwrap.dedent(source).strip(), modules)


def assign(properties: str | Sequence[str], value: Value, when: str = ALWAYS) -> tuple[str, Assign]:
    """In a status or action function: give a property a value, or each of several its own."""
    return when, Assign(properties, value)


def notify(kind: str, message: str, when: str = ALWAYS) -> tuple[str, Notify]:
    """In a status or action function: notify the user (``success``, ``info``, ``error``)."""
    return when, Notify(kind, message)


def as_steps(steps: Step | Steps) -> Steps:
    """A step alone is a function's only one."""
    return steps if isinstance(steps, Steps) else Steps((steps,))
