"""The runs of every page: start, poll, cancel and replace, whichever server process is asked.

For each page the store holds a table: the newest run of each callback, and when each cancel input
last changed. It is changed in a transaction, so that a start and a cancel that meet agree on who was
first. What is slow (to fork, to kill) is done outside of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from .declaration import Callback
from .encoding import encode, join
from .exceptions import CallbackFailure
from .job import Job, Outcome, outcome_key, progress_key
from .manager import Manager, Reference
from .store import KEEP_S

STILL_RUNNING = {"multi": "true"}
"""The answer that makes the renderer ask again."""


@dataclass(frozen=True)
class Run:
    """What one trigger started. `order` counts the page's triggers and cancels."""

    id: str
    order: int
    cancelled: bool = False


@dataclass
class Table:
    """What one page has started and cancelled, by the callback's id and by the input's name."""

    runs: dict[str, Run] = field(default_factory=dict)
    cancels: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def arrival(self, order: int | None) -> int:
        """Return the place of a request in the order of the page's own events.

        The page says it (see reconnect.js), because a cancel may overtake the start that it is for.
        Where it does not say, the order is that of arrival.
        """
        order = self.last + 1 if order is None else order
        self.last = max(self.last, order)
        return order


class Runs:
    """The runs whose jobs one manager executes."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self._store = manager.store

    def start(
        self, page: str, callback: Callback, values: dict[str, Any], order: int | None
    ) -> str:
        """Start a run, and stop the one that it replaces. Return its id.

        A start that is repeated (same page, callback and order) is the same run. One that a newer
        start or cancel has overtaken starts no job.
        """
        with self._store.transact():
            table = self._table(page)
            run = Run(uuid4().hex, table.arrival(order))
            older = table.runs.get(callback.id)
            if older and older.order == run.order:
                return older.id
            if older and older.order > run.order:
                return run.id
            inputs = callback.background.cancel
            if any(table.cancels.get(str(name), 0) > run.order for name in inputs):
                run = replace(run, cancelled=True)
            table.runs[callback.id] = run
            self._save(page, table)
        if older:
            self._end(older)
        if not run.cancelled:
            job = Job(run.id, callback, callback.background, values)
            self._manager.start(job, lambda reference: self._admit(page, job, reference))
        return run.id

    def cancel(self, page: str, name: str, callbacks: Iterable[Callback], order: int | None) -> None:
        """Stop the page's jobs of these callbacks, because the input of this name has changed."""
        with self._store.transact():
            table = self._table(page)
            at = table.arrival(order)
            table.cancels[name] = max(at, table.cancels.get(name, 0))
            found = [(callback.id, table.runs.get(callback.id)) for callback in callbacks]
            stopped = {id: run for id, run in found if run and run.order < at}
            for id, run in stopped.items():
                table.runs[id] = replace(run, cancelled=True)
            self._save(page, table)
        for run in stopped.values():
            self._end(run)

    def poll(self, page: str, callback: Callback, id: str, again: bool) -> dict[str, str] | None:
        """Return the answer to a poll: JSON texts by key, or None for an end without an update.

        `again` says that the answer to the poll before was lost. Raise CallbackFailure for a job that
        failed, died, or is no longer known.
        """
        # The order of these four reads is what makes no result get lost. A job that has stored its
        # outcome before it was seen dead is found to have; progress reported before the outcome is
        # found with it; and one that was killed was marked in the table before.
        alive = self._alive(id)
        outcome: Outcome | None = self._store.get(outcome_key(id))
        progress = self._progress(id, again)
        newest = self._table(page).runs.get(callback.id)
        if newest is None:
            raise CallbackFailure(f"{callback.id}: this run is no longer known; start it again")
        if newest.id != id:
            # `running` must hold until the newest run has ended, and this answer would end it.
            replaced_by_living = not newest.cancelled and self._alive(newest.id)
            return STILL_RUNNING if replaced_by_living else None
        if newest.cancelled:
            return None
        if outcome is None and alive:
            return STILL_RUNNING | progress
        return self._final(callback, outcome, progress)

    def _final(
        self, callback: Callback, outcome: Outcome | None, progress: dict[str, str]
    ) -> dict[str, str] | None:
        if outcome is None:
            raise CallbackFailure(
                f"The job of {callback.id} died without a result:"
                " its process was killed, or has left by os._exit"
            )
        if outcome.failure is not None:
            raise CallbackFailure(outcome.failure)
        if outcome.response is None:
            return None
        return STILL_RUNNING | progress | {"response": outcome.response}

    def _progress(self, id: str, again: bool) -> dict[str, str]:
        """Return what the job has reported since it was last asked, or once more if `again`."""
        report, updates = self._store.get(progress_key(id)) or (None, None)
        if report is None or (report == self._store.get(f"{id}.shown") and not again):
            return {}
        self._store.set(f"{id}.shown", report, expire=KEEP_S)
        return {"progress": updates}

    def _alive(self, id: str) -> bool:
        """Return whether the run may still get an outcome. One that is being started may."""
        self._store.touch(f"{id}.reference", expire=KEEP_S)
        reference = self._store.get(f"{id}.reference")
        return reference is None or self._manager.alive(reference)

    def _admit(self, page: str, job: Job, reference: Reference) -> bool:
        """Note where the job runs. Return whether it is still wanted."""
        with self._store.transact():
            self._store.set(f"{job.run}.reference", reference, expire=KEEP_S)
            run = self._table(page).runs.get(job.callback.id)
            return run is not None and run.id == job.run and not run.cancelled

    def _end(self, run: Run) -> None:
        """Stop the job of a run, and forget what it has reported."""
        reference = self._store.get(f"{run.id}.reference")
        if reference is not None:
            self._manager.kill(reference)
        self._store.delete(outcome_key(run.id))
        self._store.delete(progress_key(run.id))

    def _table(self, page: str) -> Table:
        return self._store.get(f"{page}.table") or Table()

    def _save(self, page: str, table: Table) -> None:
        self._store.set(f"{page}.table", table, expire=KEEP_S)
