"""What the store holds of runs: a table for each page, and some entries for each run."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from . import side_updates
from .caching import Entry
from .job import Outcome, Report, given_up_key, outcome_key, progress_key
from .manager import Reference
from .store import KEEP_S, START_S, Store
from .trigger import Trigger

Instance = tuple[str, str]
"""A callback's id, and the values of its `MATCH`. Each instance has runs of its own."""


@dataclass(frozen=True)
class Run:
    """What one trigger started. `order` is its place among the starts and cancels of its page."""

    id: str
    order: int
    cancelled: bool = False


@dataclass
class Table:
    """What a page has started and cancelled: the newest run of each instance of a callback; when each
    cancel input last changed, by its name; and the last place that was given away."""

    runs: dict[Instance, Run] = field(default_factory=dict)
    cancels: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def place(self, order: int | None) -> int:
        """Return the place of a request among the page's own.

        The page says it (reconnect.js), because a cancel may overtake the start that it is for, and
        a start an older one. Where it does not say, the order is that of arrival.
        """
        place = self.last + 1 if order is None else order
        self.last = max(self.last, place)
        return place


@dataclass(frozen=True)
class Seen:
    """What a page has had of a run: how many side updates, and the id of the last report."""

    updates: int = 0
    report: str | None = None


@dataclass(frozen=True)
class Delivery:
    """The last answer to a poll: the poll's `order`, and what the page had before it and has after."""

    order: int | None = None
    before: Seen = Seen()
    after: Seen = Seen()


@dataclass(frozen=True)
class News:
    """What a page is told of a run before its end, as JSON: progress and side updates, if any."""

    progress: str | None
    side_updates: str | None


class Records:
    """The entries of one open store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def transaction(self) -> AbstractContextManager[None]:
        """Let no other process or thread change the tables."""
        return self._store.transact()

    def table(self, page: str) -> Table:
        return self._store.get(f"{page}.table") or Table()

    def save(self, page: str, table: Table) -> None:
        self._store.set(f"{page}.table", table, expire=KEEP_S)

    def starting(self, run: str, known: Outcome | None) -> None:
        """Note that the run's job is being started; or its outcome, if that is known without a job."""
        if known is None:
            self._store.set(f"{run}.starting", True, expire=START_S)
        else:
            self._store.set(outcome_key(run), known, expire=KEEP_S)

    def started(self, run: str, reference: Reference) -> None:
        """Note how the manager finds the run's job."""
        self._store.set(f"{run}.reference", reference, expire=KEEP_S)

    def is_starting(self, run: str) -> bool:
        return f"{run}.starting" in self._store

    def reference(self, run: str) -> Reference | None:
        return self._store.get(f"{run}.reference")

    def needed(self, page: str, run: str) -> None:
        """Keep the run for another while, because its page still asks."""
        self._store.touch(f"{page}.table", expire=KEEP_S)
        self._store.touch(f"{run}.reference", expire=KEEP_S)

    def ended(self, run: str) -> bool:
        """Return whether the run's job has stored its outcome."""
        return outcome_key(run) in self._store

    def outcome(self, run: str) -> Outcome | None:
        found: Outcome | None = self._store.get(outcome_key(run))
        return found

    def give(self, run: str, again: bool) -> bool:
        """Return whether the page may have the outcome: once, or `again`."""
        return self._store.add(f"{run}.given", True, expire=KEEP_S) or again

    def use(self, entry: Entry) -> Outcome | None:
        """Return a result that is kept for later triggers, and restart its time."""
        found: Outcome | None = self._store.get(entry.key)
        if found is not None:
            self._store.touch(entry.key, expire=entry.expire)
        return found

    def end(self, run: str, outcome: Outcome) -> None:
        """Store the outcome of a job that could not do so itself."""
        self._store.set(outcome_key(run), outcome, expire=KEEP_S)

    def claim(self, run: str) -> bool:
        """Return whether the caller is the first to deal with the death of the run's job."""
        return self._store.add(f"{run}.died", True, expire=START_S)

    def keep_trigger(self, run: str, trigger: Trigger) -> None:
        self._store.set(f"{run}.trigger", trigger, expire=KEEP_S)

    def trigger(self, run: str) -> Trigger | None:
        found: Trigger | None = self._store.get(f"{run}.trigger")
        return found

    def add_side_update(self, run: str, update: side_updates.SideUpdate) -> None:
        side_updates.add(self._store, run, update)

    def news(self, run: str, order: int | None, again: bool) -> News:
        """Return what the page has not had yet of the run.

        A poll with the `order` of the last one that was told something is told the same, and what has
        come since: the answer was lost. Where pages do not say it, one that is sent `again` is.
        """
        last = self._store.get(f"{run}.delivery") or Delivery()
        repeated = again if order is None else order == last.order
        seen = last.before if repeated else last.after
        report: Report | None = self._store.get(progress_key(run))
        now = Seen(side_updates.count(self._store, run), report.id if report else None)
        if seen != now:
            delivery = Delivery(order, seen, now)
            self._store.set(f"{run}.delivery", delivery, expire=KEEP_S)
            arrived = range(last.before.updates + 1, seen.updates + 1)
            side_updates.forget(self._store, run, arrived)
        new = side_updates.read(self._store, run, range(seen.updates + 1, now.updates + 1))
        return News(
            report.updates if report and report.id != seen.report else None,
            side_updates.merged(new) if new else None,
        )

    def give_up(self, run: str) -> Reference | None:
        """Drop what the run's job has left or will leave, and return how the manager finds it."""
        self._store.set(given_up_key(run), True, expire=KEEP_S)
        self._store.delete(outcome_key(run))
        self._store.delete(progress_key(run))
        side_updates.forget_all(self._store, run)
        return self.reference(run)
