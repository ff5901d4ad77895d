"""What a job does, step by step.

Steps are joined by ``>>``: ``report(1) >> wait_at("half") >> give("done")``. A string in which a name
of the function's arguments stands in braces is filled in: ``give("Hello {name}")``.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

#: When a step of a status function is taken: at each call, or at one kind of status only.
ALWAYS, RUNNING, SUCCESS, FAILURE = "always", "running", "success", "failure"


@dataclass(frozen=True)
class Argument:
    """Stands for the value of one of the function's arguments."""

    name: str


@dataclass(frozen=True)
class BarFigure:
    """Stands for a Plotly figure with one bar: a value with structure, as progress bars are drawn."""

    value: int
    total: int


@dataclass(frozen=True)
class NoUpdate:
    """Stands for "leave this output as it is" among the results of a job."""


NO_UPDATE = NoUpdate()


@dataclass(frozen=True)
class Step:
    """One thing that a function does: a verb and its value."""

    verb: str
    value: Any = None
    target: Any = ""

    def __rshift__(self, then: Step | Job) -> Job:
        return Job((self,)) >> then


@dataclass(frozen=True)
class Job:
    """The steps of a function, in order."""

    steps: tuple[Step, ...] = ()

    def __rshift__(self, then: Step | Job) -> Job:
        return Job(self.steps + (then.steps if isinstance(then, Job) else (then,)))


def arg(name: str) -> Argument:
    """The value of the argument ``name``, whole."""
    return Argument(name)


def bar_figure(value: int, total: int) -> BarFigure:
    """A Plotly figure with one bar of length ``value`` on an axis up to ``total``."""
    return BarFigure(value, total)


def wait_at(gate: str) -> Step:
    """Announce that the function stands at ``gate`` and wait there until the test releases it. The word
    that the test gives it for the way is ``arg("word")`` from then on."""
    return Step("wait_at", gate)


def announce(word: str) -> Step:
    """Say ``word`` to the test, and go on."""
    return Step("announce", word)


def report(value: Any) -> Step:
    """Report progress: a value, or as many as there are progress properties."""
    return Step("report", value)


def give(value: Any) -> Step:
    """Return a value."""
    return Step("give", value)


def no_update() -> Step:
    """Return, and leave every output as it is."""
    return Step("no_update")


def decline() -> Step:
    """Raise the exception that leaves every output as it is."""
    return Step("decline")


def if_told(word: str, step: Step) -> Step:
    """Take ``step`` if ``word`` is what the test gave the function for the way at its last gate."""
    return Step("if_told", word, step)


def give_unstorable() -> Step:
    """Return a value that no process can hand to another: a lock."""
    return Step("give_unstorable")


def raise_error(message: str, kind: str = "ValueError") -> Step:
    """Raise an exception of this kind, one that Python has built in."""
    return Step("raise_error", message, kind)


def exit_quietly() -> Step:
    """Raise SystemExit, as ``sys.exit()`` does."""
    return Step("exit_quietly")


def die() -> Step:
    """End the process of the job at once, as a crash or the kernel's memory killer does."""
    return Step("die")


def spin() -> Step:
    """Compute for ever without yielding."""
    return Step("spin")


def ignore_sigterm() -> Step:
    """From now on ignore the signal that asks a process to end."""
    return Step("ignore_sigterm")


def start_child() -> Step:
    """Start a child process that outlives the job unless someone ends it."""
    return Step("start_child")


def name_thread(name: str) -> Step:
    """Give the thread that runs the function this name, as programs do for their log."""
    return Step("name_thread", name)


def set_props(prop: str, value: Any) -> Step:
    """Give a property of the page a value now, whatever the outputs of the callback are."""
    return Step("set_props", value, prop)


def generate(*components: Any) -> Step:
    """Return components, which then stand on the page."""
    return Step("generate", tuple(components))


def tell_trigger() -> Step:
    """Ask the context what has triggered the function, and tell the test: ``trigger``, with ``id`` and
    ``triggered``."""
    return Step("tell_trigger")


def tell_values() -> Step:
    """Ask the context for the values of inputs and state, and tell the test: ``values``, with ``inputs`` and
    ``states``."""
    return Step("tell_values")


def tell_error() -> Step:
    """In what is called when a job fails: tell the test of its argument: ``error``, with ``text`` and
    whether it is an ``exception``."""
    return Step("tell_error")


def python(source: str, *modules: str) -> Step:
    """Statements of Python as they stand, indented as one likes: what no other step says, such as a loop.

    They may use the function's arguments, ``set_progress``, ``probe`` and these modules of the standard
    library, and may return.
    """
    return Step("python", textwrap.dedent(source).strip(), modules)


def assign(property: Any, value: Any, when: str = ALWAYS) -> tuple[str, Step]:
    """In a status or action function: give ``property`` a value, or each of several its own."""
    return when, Step("assign", value, property)


def notify(kind: str, message: str, when: str = ALWAYS) -> tuple[str, Step]:
    """In a status or action function: notify the user (``success``, ``info``, ``error``)."""
    return when, Step("notify", message, kind)
