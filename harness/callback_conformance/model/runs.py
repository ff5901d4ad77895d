"""One run of a callback, as the specification sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callback_conformance.model.jobs import End
from callback_conformance.model.properties import Instance
from callback_conformance.scenario import Background, Step


@dataclass(frozen=True)
class Run:
    """What one trigger has started, and how far it has come."""

    number: int
    callback: Background
    instance: Instance
    page: int
    user: int
    #: The arguments of its job, by name.
    arguments: Mapping[str, object]
    #: Whether the page's load triggered it.
    initial: bool = False
    #: The run that the same page's callback had before; 0: none.
    previous: int = 0
    #: The runs whose jobs were running at the same time.
    beside: frozenset[int] = frozenset()
    #: The gate at which its job waits; empty when it has ended.
    gate: str = ""
    rest: tuple[Step, ...] = ()
    end: End | None = None
    result: object = None
    #: Whether its manager caches results; whether it is a hit, without a job.
    is_cached: bool = False
    is_hit: bool = False
    #: Whether it was replaced by a newer run, or its page was loaded again.
    replaced: bool = False
    abandoned: bool = False
    #: Whether the implementation may choose if its end reaches the page.
    is_free: bool = False
    #: Whether its page has been told of its end.
    is_over: bool = False
    #: Whether a poll of its page was lost.
    lost_poll: bool = False
    #: Whether it was cancelled or replaced while its first answer was on its way.
    before_answer: bool = False
    #: What it reported last.
    last_report: object = None
    #: Progress and updates that the page has not polled for.
    reports: tuple[object, ...] = ()
    updates: tuple[tuple[str, object], ...] = ()
    #: Whether it failed because its result did not have the form of the outputs.
    wrong_form: bool = False
    #: The words with which its job was released; those since its user has looked; and those whose progress and
    #: updates came too late for its page.
    words: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether its job is running, and its page waits for it."""
        return self.end is None and not self.replaced and not self.abandoned

    @property
    def slot(self) -> tuple[int, Background, Instance]:
        """What a newer run of the same replaces."""
        return self.page, self.callback, self.instance

    @property
    def awaits_look(self) -> bool:
        """Whether its page does not know yet how it has ended."""
        return self.end is not None and not (self.replaced or self.abandoned or self.is_over)
