"""What a callback says about its background work: its manager, running, cancel and progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from dash.dependencies import DashDependency

from impl_dash_style.caching import CacheOptions
from impl_dash_style.dependencies import Input, Output, check_no_wildcards, checked
from impl_dash_style.encoding import encode, literal
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.grouping import Grouping, leaves
from impl_dash_style.manager import Manager, check_manager

#: The keywords of ``callback`` that say how a job runs.
OPTIONS: Final = ("manager", "interval", "running", "cancel", "progress", "progress_default")

_PLAIN: Final = "Cancel inputs and progress outputs must each name one property of one component"


@dataclass(frozen=True)
class RunningEntry:
    """An entry of ``running``."""

    output: Output
    on: object
    off: object
    restores_layout: bool  # a pair has no off value: the layout's value takes its place


@dataclass(frozen=True)
class BackgroundOptions:
    """The options of a background callback."""

    manager: Manager | None  # None: the app's
    interval: int  # milliseconds between two polls
    running: tuple[RunningEntry, ...]
    cancel: tuple[Input, ...]
    progress: Grouping[Output] | None
    defaults: tuple[object, ...] | None  # one for each output in `progress`
    caching: CacheOptions
    # As in Dash Labs: `set_progress` takes one argument for each property, and what it has set stays.
    labs_progress: bool = False

    @classmethod
    def declare(
        cls,
        caching: CacheOptions,
        manager: object = None,
        interval: object = 1000,  # as in Dash: one second
        running: object = (),
        cancel: object = (),
        progress: object = None,
        progress_default: object = None,
    ) -> Self:
        """Check the options and put them in one form. Raises DeclarationError for what cannot work."""
        if not isinstance(interval, int) or isinstance(interval, bool) or interval < 0:
            raise DeclarationError(f"interval: expected milliseconds, 0 or more, not {interval!r}")
        outputs, defaults = _progress(progress, progress_default)
        return cls(
            check_manager(manager),
            interval,
            _running(running),
            _cancel(cancel),
            outputs,
            defaults,
            caching,
        )

    @property
    def progress_outputs(self) -> tuple[Output, ...]:
        return self.progress.leaves if self.progress else ()

    def progress_updates(self, args: tuple[object, ...]) -> str:
        """The updates that the arguments of ``set_progress`` mean, as JSON.

        Raises TypeError for a wrong number of arguments, and ValueError for values of a wrong shape.
        """
        assert self.progress is not None
        takes_one = not self.labs_progress or isinstance(self.progress.shape, Output)
        if takes_one and len(args) != 1:
            raise TypeError(f"set_progress takes 1 argument, not {len(args)}")
        value = args[0] if takes_one else args
        shape = self.progress.shape
        if (
            isinstance(shape, list | tuple)
            and len(shape) == 1
            and not isinstance(value, list | tuple)
        ):
            value = [value]  # a single value is that of a single property, as in Dash
        values = self.progress.match(value, "the value given to set_progress")
        return encode(_by_name(self.progress_outputs, map(literal, values)))

    def default_updates(self) -> dict[str, object]:
        """What the progress properties hold while no job runs: None if nothing is declared."""
        outputs = () if self.labs_progress else self.progress_outputs
        return _by_name(outputs, self.defaults or (None,) * len(outputs))


def _by_name(outputs: tuple[Output, ...], values: Iterable[object]) -> dict[str, object]:
    return {str(output): value for output, value in zip(outputs, values, strict=True)}


def _cancel(inputs: object) -> tuple[Input, ...]:
    """The inputs of ``cancel``; a single one need not stand in a list."""
    listed = inputs if isinstance(inputs, list | tuple) else (inputs,)
    for input in listed:
        if not isinstance(input, Input):
            raise DeclarationError(f"cancel: expected an Input, or a list of Input, not {input!r}")
    cancel = checked(listed, (Input,), "cancel").leaves
    check_no_wildcards(cancel, "cancel", _PLAIN)
    return cancel


def _running(entries: object) -> tuple[RunningEntry, ...]:
    """The entries of ``running``; a single one need not stand in a list."""
    if isinstance(entries, tuple) and entries and isinstance(entries[0], DashDependency):
        entries = [entries]
    if not isinstance(entries, list | tuple):
        raise DeclarationError(f"running: expected a list of tuples, not {entries!r}")
    return tuple(map(_entry, entries))


def _entry(entry: object) -> RunningEntry:
    if not isinstance(entry, list | tuple) or len(entry) not in (2, 3):
        raise DeclarationError(
            "running: expected (Output, value while running, value afterwards) or"
            f" (Output, value while running), not {entry!r}"
        )
    output, on, *off = entry
    if not isinstance(output, Output):
        raise DeclarationError(f"running: expected an Output first, not {output!r}")
    checked(output, (Output,), "running")
    if not off:
        check_no_wildcards([output], "running", "Give it an off value: the value afterwards")
    return RunningEntry(output, on, off[0] if off else None, restores_layout=not off)


def _progress(
    shape: object, default: object
) -> tuple[Grouping[Output] | None, tuple[object, ...] | None]:
    """The outputs of ``progress``, and a default value for each of them."""
    if shape is None or not list(leaves(shape)):
        if default is not None:
            raise DeclarationError("progress_default needs progress; give both, or neither")
        return None, None
    progress = checked(shape, (Output,), "progress")
    check_no_wildcards(progress.leaves, "progress", _PLAIN)
    if default is None:
        return progress, None
    try:
        return progress, tuple(progress.match(default, "progress_default"))
    except ValueError as error:
        raise DeclarationError(str(error)) from None
