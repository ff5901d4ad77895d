"""The runs of every page: start, poll, cancel and replace, whichever server process is asked.

For each page the store holds a table: the newest run of each callback, and when each cancel input
last changed. It is changed in a transaction, so that a start and a cancel that meet agree on who was
first. What is slow (to fork, to kill) is done outside of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid4

from .background import Background
from .declaration import Callback
from .exceptions import CallbackFailure
from .job import Job, Outcome, outcome_key, progress_key
from .manager import Manager, Reference
from .store import KEEP_S, START_S

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
    """The runs of one background callback, on all pages."""

    def __init__(self, callback: Callback, background: Background, manager: Manager) -> None:
        self._callback = callback
        self.background = background
        self._manager = manager
        self.store = manager.store

    def start(self, page: str, values: dict[str, Any], order: int | None) -> str:
        """Start a run, and stop the one that it replaces. Return its id.

        A start that is repeated (same page and order) is the same run. One that a newer start or
        cancel has overtaken starts no job.
        """
        with self.store.transact():
            table = self._table(page)
            run = Run(uuid4().hex, table.arrival(order))
            older = table.runs.get(self._callback.id)
            if older and older.order >= run.order:
                return older.id if older.order == run.order else run.id
            if any(table.cancels.get(str(name), 0) > run.order for name in self.background.cancel):
                run = replace(run, cancelled=True)
            self.store.set(f"{run.id}.starting", True, expire=START_S)
            self._save(page, table, run)
        if older:
            self._end(older)
        if not run.cancelled:
            job = Job(run.id, self._callback, self.background, values)
            self._manager.start(job, partial(self._admit, page, run))
        return run.id

    def cancel(self, page: str, name: str, order: int | None) -> None:
        """Stop the page's job, because the cancel input of this name has changed.

        A job that has stored its outcome has ended; its result is still shown.
        """
        with self.store.transact():
            table = self._table(page)
            at = table.arrival(order)
            table.cancels[name] = max(at, table.cancels.get(name, 0))
            run = table.runs.get(self._callback.id)
            if run and (run.order > at or outcome_key(run.id) in self.store):
                run = None
            self._save(page, table, run and replace(run, cancelled=True))
        if run:
            self._end(run)

    def poll(self, page: str, id: str, again: bool) -> dict[str, str] | None:
        """Return the answer to a poll: JSON texts by key, or None for an end without an update.

        `again` says that the answer to the poll before was lost. Raise CallbackFailure for a job that
        failed, died, or is no longer known.
        """
        self.store.touch(f"{page}.table", expire=KEEP_S)
        self.store.touch(f"{id}.reference", expire=KEEP_S)
        # The order of the next four reads is what makes no result get lost. A job that has stored
        # its outcome before it was seen dead is found to have; progress reported before the outcome
        # is found with it; and one that was killed was marked in the table before.
        alive = self._alive(id)
        outcome: Outcome | None = self.store.get(outcome_key(id))
        progress = self._progress(id, again)
        newest = self._table(page).runs.get(self._callback.id)
        if newest is None:
            raise CallbackFailure(f"this run of {self._callback.id} is no longer known")
        if newest.id != id:
            # `running` must hold until the newest run has ended, and a final answer would end it.
            return STILL_RUNNING if not newest.cancelled and self._alive(newest.id) else None
        if newest.cancelled:
            return None
        if outcome is None and alive:
            return STILL_RUNNING | progress
        return self._final(outcome, progress)

    def _final(self, outcome: Outcome | None, progress: dict[str, str]) -> dict[str, str] | None:
        if outcome is None:
            raise CallbackFailure(
                f"The job of {self._callback.id} died without a result:"
                " its process was killed, or has left by os._exit"
            )
        if outcome.failure is not None:
            raise CallbackFailure(outcome.failure)
        if outcome.response is None:
            return None
        return STILL_RUNNING | progress | {"response": outcome.response}

    def _progress(self, id: str, again: bool) -> dict[str, str]:
        """Return what the job has reported since it was last asked, or once more if `again`."""
        report = self.store.get(progress_key(id))
        if report is None or (report.id == self.store.get(f"{id}.shown") and not again):
            return {}
        self.store.set(f"{id}.shown", report.id, expire=KEEP_S)
        return {"progress": report.updates}

    def _alive(self, id: str) -> bool:
        """Return whether the run may still get an outcome. One that is being started may."""
        reference = self.store.get(f"{id}.reference")
        if reference is None:
            return f"{id}.starting" in self.store
        return self._manager.alive(reference)

    def _admit(self, page: str, run: Run, reference: Reference) -> bool:
        """Note where the job runs. Return whether it is still wanted."""
        with self.store.transact():
            self.store.set(f"{run.id}.reference", reference, expire=KEEP_S)
            return self._table(page).runs.get(self._callback.id) == run

    def _end(self, run: Run) -> None:
        """Stop the job of a run, and forget what it has reported."""
        reference = self.store.get(f"{run.id}.reference")
        if reference is not None:
            self._manager.kill(reference)
        self.store.delete(outcome_key(run.id))
        self.store.delete(progress_key(run.id))

    def _table(self, page: str) -> Table:
        return self.store.get(f"{page}.table") or Table()

    def _save(self, page: str, table: Table, run: Run | None) -> None:
        """Store the page's table, with `run` as the newest one if there is a change."""
        if run:
            table.runs[self._callback.id] = run
        self.store.set(f"{page}.table", table, expire=KEEP_S)
