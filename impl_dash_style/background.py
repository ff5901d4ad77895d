"""What a callback says about its background work: its manager, running, cancel and progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from dash.dependencies import DashDependency

from .caching import Caching
from .dependencies import Input, Output, check, refuse_wildcards
from .encoding import encode, whole
from .exceptions import DeclarationError
from .grouping import leaves, match
from .manager import Manager, check_manager

OPTIONS: Final = (
    "manager",
    "interval",
    "running",
    "cancel",
    "progress",
    "progress_default",
)
"""The keywords of `callback` that say how a job runs."""


_PLAIN: Final = "A cancel input and a progress property must each be one property of one component"


@dataclass(frozen=True)
class Running:
    """An entry of `running`. A pair has no `off`: its property goes back to the layout's value."""

    output: Output
    on: Any
    off: Any
    pair: bool


@dataclass(frozen=True)
class Background:
    """The options of a background callback.

    `interval` is the pause between two polls in milliseconds. `manager` is None where the app's is
    meant. `progress` is None, or a grouping of Output; `defaults` has one value for each of them.
    `caching` is what it says about caching of its own. `labs` says that progress is that of Dash Labs:
    `set_progress` takes an argument for each property, and what it has set stays.
    """

    manager: Manager | None
    interval: int
    running: tuple[Running, ...]
    cancel: tuple[Input, ...]
    progress: Any
    defaults: tuple[Any, ...] | None
    caching: Caching
    labs: bool = False

    @classmethod
    def declare(
        cls,
        caching: Caching,
        manager: Manager | None = None,
        interval: int = 1000,  # as in Dash: one second
        running: Any = (),
        cancel: Any = (),
        progress: Any = None,
        progress_default: Any = None,
    ) -> Self:
        """Check the options and put them in one form. Raise DeclarationError for what cannot work."""
        if not isinstance(interval, int) or isinstance(interval, bool) or interval < 0:
            raise DeclarationError(f"interval: expected milliseconds, not {interval!r}")
        cancel = tuple(cancel) if isinstance(cancel, list | tuple) else (cancel,)
        for input in cancel:
            if not isinstance(input, Input):
                raise DeclarationError(f"cancel: expected Input, or a list of Input, not {input!r}")
        check(cancel, (Input,), "cancel")
        refuse_wildcards(cancel, "cancel", _PLAIN)
        progress, defaults = _progress(progress, progress_default)
        manager = check_manager(manager)
        return cls(manager, interval, _running(running), cancel, progress, defaults, caching)

    @property
    def progress_outputs(self) -> list[Output]:
        return [] if self.progress is None else list(leaves(self.progress))

    def progress_updates(self, given: tuple[Any, ...]) -> str:
        """Return what the arguments of `set_progress` mean, as JSON. Raise ValueError or TypeError."""
        one = not self.labs or isinstance(self.progress, Output)
        if one and len(given) != 1:
            raise TypeError(f"set_progress takes one argument, not {len(given)}")
        value = given[0] if one else given
        values = match(self.progress, value, "the value given to set_progress")
        return encode(_by_name(self.progress_outputs, map(whole, values)))

    def default_updates(self) -> dict[str, Any]:
        """Return what the progress properties hold while no job runs: None if nothing is declared."""
        outputs = [] if self.labs else self.progress_outputs
        return _by_name(outputs, self.defaults or (None,) * len(outputs))


def _by_name(outputs: list[Output], values: Any) -> dict[str, Any]:
    return {str(output): value for output, value in zip(outputs, values, strict=True)}


def _running(entries: Any) -> tuple[Running, ...]:
    """Return the entries of `running`; one entry need not stand in a list."""
    if isinstance(entries, tuple) and entries and isinstance(entries[0], DashDependency):
        entries = [entries]
    if not isinstance(entries, list | tuple):
        raise DeclarationError(f"running: expected a list of tuples, not {entries!r}")
    return tuple(_entry(entry) for entry in entries)


def _entry(entry: Any) -> Running:
    if not isinstance(entry, list | tuple) or len(entry) not in (2, 3):
        raise DeclarationError(
            "running: expected (Output, value while running, value afterwards) or"
            f" (Output, value while running), not {entry!r}"
        )
    output, on, *off = entry
    if not isinstance(output, Output):
        raise DeclarationError(f"running: expected an Output first, not {output!r}")
    check(output, (Output,), "running")
    if not off:
        refuse_wildcards([output], "running", "Give it a third value, to hold afterwards")
    return Running(output, on, off[0] if off else None, pair=not off)


def _progress(progress: Any, default: Any) -> tuple[Any, tuple[Any, ...] | None]:
    """Return `progress` and its default values, one for each of its outputs."""
    if progress is None or not list(leaves(progress)):
        if default is not None:
            raise DeclarationError("progress_default is given without progress")
        return None, None
    check(progress, (Output,), "progress")
    refuse_wildcards(leaves(progress), "progress", _PLAIN)
    if default is None:
        return progress, None
    try:
        return progress, tuple(match(progress, default, "progress_default"))
    except ValueError as error:
        raise DeclarationError(str(error)) from None
