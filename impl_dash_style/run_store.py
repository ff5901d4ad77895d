"""What the store holds of runs: what each page has started and cancelled, and some entries for each run."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Self

from impl_dash_style import side_updates
from impl_dash_style.caching import CacheEntry
from impl_dash_style.job import (
    Instance,
    Job,
    JobOutcome,
    ProgressReport,
    given_up_key,
    outcome_key,
    progress_key,
)
from impl_dash_style.manager import JobReference
from impl_dash_style.store import KEEP_S, START_S, KeyValueStore
from impl_dash_style.trigger import Trigger

#: Seconds that an outcome is kept after its delivery. The answer may have been lost with a server that then takes
#: as long to start; the page sends the same poll again.
DELIVERED_S: Final = 300


@dataclass(frozen=True)
class Run:
    """What one trigger started."""

    id: str
    order: int  # its place among the starts and cancels of its page
    cancelled: bool = False


@dataclass
class PageRuns:
    """What a page has started and cancelled."""

    newest: dict[Instance, Run] = field(default_factory=dict)
    cancels: dict[str, int] = field(default_factory=dict)  # the last change of each cancel input
    last: int = 0  # the highest place so far

    def place(self, order: int | None) -> int:
        """The place of a request among the page's own.

        The page gives it (reconnect.js), because a cancel may overtake the start that it is for, and a
        start an older one. Without it, the order is that of arrival.
        """
        place = self.last + 1 if order is None else order
        self.last = max(self.last, place)
        return place

    def kept(self) -> dict[str, object]:
        """What a store keeps of it."""
        newest = [(*instance, run) for instance, run in self.newest.items()]
        return {"newest": newest, "cancels": self.cancels, "last": self.last}

    @classmethod
    def restored(
        cls, newest: list[tuple[str, str, dict[str, Any]]], cancels: dict[str, int], last: int
    ) -> Self:
        """Make it of what a store has kept."""
        return cls({(id, match): Run(**run) for id, match, run in newest}, cancels, last)


@dataclass(frozen=True)
class DeliveredUpTo:
    """What a page has received of a run."""

    updates: int = 0  # how many side updates
    report: str | None = None  # the id of the last progress report


@dataclass(frozen=True)
class Delivery:
    """The last answer to a poll that held something new."""

    order: int | None = None  # the poll's
    before: DeliveredUpTo = DeliveredUpTo()
    after: DeliveredUpTo = DeliveredUpTo()

    @classmethod
    def restored(cls, order: int | None, before: dict[str, Any], after: dict[str, Any]) -> Self:
        """Make it of what a store has kept."""
        return cls(order, DeliveredUpTo(**before), DeliveredUpTo(**after))


@dataclass(frozen=True)
class Updates:
    """What a page receives of a run before its end, as JSON."""

    progress: str | None
    side_updates: str | None


class RunStore:
    """The entries of runs in one open store."""

    def __init__(self, store: KeyValueStore) -> None:
        self._store = store

    def transaction(self, page: str) -> AbstractContextManager[None]:
        """Let no other process or thread change what the page has started and cancelled."""
        return self._store.transact(page)

    def page_runs(self, page: str) -> PageRuns:
        kept = self._store.get(_page_key(page))
        return PageRuns() if kept is None else PageRuns.restored(**kept)

    def save(self, page: str, page_runs: PageRuns) -> None:
        self._store.set(_page_key(page), page_runs.kept(), expire=KEEP_S)

    def mark_starting(self, run: str) -> None:
        """Note that the run's job is being started."""
        self._store.set(f"{run}.starting", True, expire=START_S)

    def is_starting(self, run: str) -> bool:
        return f"{run}.starting" in self._store

    def set_reference(self, run: str, reference: JobReference) -> None:
        """Note how the manager finds the run's job."""
        self._store.set(f"{run}.reference", reference, expire=KEEP_S)

    def admit(self, job: Job, reference: JobReference) -> bool:
        """Whether a job is still wanted, and not yet started by a repeated start.

        If so, note how the manager finds it.
        """
        with self.transaction(job.page):
            newest = self.page_runs(job.page).newest.get(job.instance)
            wanted = (
                newest is not None
                and newest.id == job.run
                and not newest.cancelled
                and self.reference(job.run) is None
            )
            if wanted:
                self.set_reference(job.run, reference)
            return wanted

    def reference(self, run: str) -> JobReference | None:
        reference: JobReference | None = self._store.get(f"{run}.reference")
        return reference

    def keep(self, page: str, run: str) -> None:
        """Keep the run for longer, because its page still polls. Most polls only read."""
        if f"{run}.kept" in self._store:
            return
        self._store.set(f"{run}.kept", True, expire=KEEP_S / 24)
        self._store.touch(_page_key(page), expire=KEEP_S)
        self._store.touch(f"{run}.reference", expire=KEEP_S)

    def set_outcome(self, run: str, outcome: JobOutcome) -> None:
        """Store the outcome of a run whose job does not."""
        self._store.set(outcome_key(run), outcome, expire=KEEP_S)

    def outcome(self, run: str) -> JobOutcome | None:
        return _outcome(self._store.get(outcome_key(run)))

    def has_ended(self, run: str) -> bool:
        """Whether the run's job has stored its outcome, which is dropped some time after its delivery."""
        return outcome_key(run) in self._store or self.is_delivered(run)

    def is_delivered(self, run: str) -> bool:
        """Whether the page has the outcome."""
        return _delivered_key(run) in self._store

    def deliver_outcome(self, run: str, again: bool) -> bool:
        """Whether the page may have the outcome: once, or ``again``."""
        is_first = self._store.add(_delivered_key(run), True, expire=KEEP_S)
        if is_first:
            self._store.touch(outcome_key(run), expire=DELIVERED_S)
        return is_first or again

    def cached(self, entry: CacheEntry) -> JobOutcome | None:
        """A result that is kept for later triggers. Its time starts anew."""
        outcome = _outcome(self._store.get(entry.key))
        if outcome is not None:
            self._store.touch(entry.key, expire=entry.expire)
        return outcome

    def claim_death(self, run: str) -> bool:
        """Whether the caller is the first to handle the death of the run's job."""
        return self._store.add(f"{run}.died", True, expire=START_S)

    def set_trigger(self, run: str, trigger: Trigger) -> None:
        self._store.set(f"{run}.trigger", trigger, expire=KEEP_S)

    def trigger(self, run: str) -> Trigger | None:
        kept = self._store.get(f"{run}.trigger")
        return None if kept is None else Trigger.restored(**kept)

    def add_side_update(self, page: str, run: str, update: side_updates.SideUpdate) -> None:
        side_updates.add(self._store, page, run, update)

    def updates(self, run: str, order: int | None, again: bool) -> Updates:
        """What the page has not received yet of the run.

        A poll with the ``order`` of the last one that received something gets the same, and what is new
        since: the answer was lost. Where pages give no order, this holds for a poll that is sent ``again``.
        """
        kept = self._store.get(f"{run}.delivery")
        last = Delivery() if kept is None else Delivery.restored(**kept)
        repeated = again if order is None else order == last.order
        delivered = last.before if repeated else last.after
        reported = self._store.get(progress_key(run))
        report = None if reported is None else ProgressReport(**reported)
        newest = DeliveredUpTo(side_updates.count(self._store, run), report.id if report else None)
        if delivered != newest:
            delivery = Delivery(order, delivered, newest)
            self._store.set(f"{run}.delivery", delivery, expire=KEEP_S)
            received = range(last.before.updates + 1, delivered.updates + 1)
            side_updates.forget(self._store, run, received)
        numbers = range(delivered.updates + 1, newest.updates + 1)
        new = side_updates.read(self._store, run, numbers)
        return Updates(
            report.updates if report and report.id != delivered.report else None,
            side_updates.merged(new) if new else None,
        )

    def give_up(self, run: str) -> JobReference | None:
        """Drop what the run's job has left or will leave. Returns how the manager finds the job.

        None for a job that has ended: its process may be another program's by now.
        """
        reference = None if self.has_ended(run) else self.reference(run)
        self._store.set(given_up_key(run), True, expire=KEEP_S)
        self._store.delete(outcome_key(run))
        self._store.delete(progress_key(run))
        side_updates.forget_all(self._store, run)
        return reference


def _outcome(kept: dict[str, Any] | None) -> JobOutcome | None:
    return None if kept is None else JobOutcome(**kept)


def _delivered_key(run: str) -> str:
    return f"{run}.outcome_delivered"


def _page_key(page: str) -> str:
    return f"{page}.runs"
