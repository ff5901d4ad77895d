"""What the store holds of runs: a table for each page, and some entries for each run."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from .job import Outcome, Report, outcome_key, progress_key
from .manager import Reference
from .store import KEEP_S, START_S, Store


@dataclass(frozen=True)
class Run:
    """What one trigger started. `order` is its place among the starts and cancels of its page."""

    id: str
    order: int
    cancelled: bool = False


@dataclass
class Table:
    """What a page has started and cancelled: the newest run of each callback, by the callback's id;
    when each cancel input last changed, by its name; and the last place that was given away."""

    runs: dict[str, Run] = field(default_factory=dict)
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

    def starting(self, run: str) -> None:
        """Note that the run's job is being started."""
        self._store.set(f"{run}.starting", True, expire=START_S)

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

    def progress(self, run: str, again: bool) -> str | None:
        """Return the newest report of the run's job if the page has not had it, or `again`."""
        report: Report | None = self._store.get(progress_key(run))
        if report is None or (report.id == self._store.get(f"{run}.shown") and not again):
            return None
        self._store.set(f"{run}.shown", report.id, expire=KEEP_S)
        return report.updates

    def give_up(self, run: str) -> Reference | None:
        """Drop what the run's job has left, and return how the manager finds it, to stop it."""
        self._store.delete(outcome_key(run))
        self._store.delete(progress_key(run))
        return self.reference(run)
