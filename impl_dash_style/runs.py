"""The runs of a background callback: start, poll, cancel and replace, whichever process is asked.

What is decided is decided in a transaction on the page's table, so that a start and a cancel that
meet agree on who was first. What is slow (to fork, to kill) is done after it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import uuid4

from .background import Background
from .declaration import Callback
from .exceptions import CallbackFailure
from .job import Job, Outcome
from .manager import Manager, Reference
from .records import Records, Run

STILL_RUNNING: Final = {"multi": "true"}
"""The answer, JSON texts by key, that makes the renderer ask again."""


class Runs:
    """The runs of one background callback, on all pages."""

    def __init__(self, callback: Callback, background: Background, manager: Manager) -> None:
        self.background = background
        self.manager = manager
        self._callback = callback

    def start(self, page: str, values: dict[str, Any], order: int | None) -> str:
        """Start a run, and stop the one that it replaces. Return its id.

        A start that is repeated (same page and order) is the same run. One that a newer start or
        cancel has overtaken starts no job.
        """
        with self.manager.session() as store, (records := Records(store)).transaction():
            table = records.table(page)
            place = table.place(order)
            older = table.runs.get(self._callback.id)
            if older and older.order > place:
                return uuid4().hex
            if older and older.order == place:
                run, older = older, None
            else:
                names = map(str, self._callback.cancels)
                cancelled = any(table.cancels.get(name, 0) > place for name in names)
                run = table.runs[self._callback.id] = Run(uuid4().hex, place, cancelled)
                records.starting(run.id)
            records.save(page, table)
            replaced = records.give_up(older.id) if older else None
            started = records.reference(run.id) is not None
        if replaced is not None:
            self.manager.kill(replaced)
        if not started and not run.cancelled:
            job = Job(run.id, self._callback, self.background, values)
            self.manager.start(job, partial(self._admit, page, run))
        return run.id

    def cancel(self, page: str, name: str, order: int | None) -> None:
        """Stop the page's job, because the cancel input of this name has changed.

        A job that has stored its outcome has ended; its result is still shown.
        """
        with self.manager.session() as store, (records := Records(store)).transaction():
            table = records.table(page)
            place = table.place(order)
            table.cancels[name] = max(place, table.cancels.get(name, 0))
            run = table.runs.get(self._callback.id)
            stopped = None
            if run and run.order < place and not records.ended(run.id):
                table.runs[self._callback.id] = replace(run, cancelled=True)
                stopped = records.give_up(run.id)
            records.save(page, table)
        if stopped is not None:
            self.manager.kill(stopped)

    def poll(self, page: str, id: str, again: bool) -> dict[str, str] | None:
        """Return the answer to a poll: JSON texts by key, or None for an end without an update.

        `again` says that the answer before was lost; a final answer is always given again. Raise
        CallbackFailure for a job that failed or died, and for a run that is no longer known.
        """
        with self.manager.session() as store:
            records = Records(store)
            records.needed(page, id)
            # The order of the next four lines is what loses no result. A job that had stored its
            # outcome when it was seen dead is found to have; what it reported before that is found
            # with it; and one that was killed had been marked in the table before.
            alive = self._alive(records, id)
            outcome = records.outcome(id)
            progress = records.progress(id, again)
            newest = records.table(page).runs.get(self._callback.id)
            if newest is None:
                raise CallbackFailure(f"this run of {self._callback.id} is no longer known")
            if newest.id != id:
                # `running` must hold until the newest run has ended; a final answer would end it.
                waits = not newest.cancelled and self._alive(records, newest.id)
                return STILL_RUNNING if waits else None
        if newest.cancelled:
            return None
        reported = {} if progress is None else {"progress": progress}
        if outcome is None and alive:
            return STILL_RUNNING | reported
        response = self._response(outcome)
        return None if response is None else STILL_RUNNING | reported | {"response": response}

    def _response(self, outcome: Outcome | None) -> str | None:
        """Return the updates of a run whose job has ended, or None if there are none."""
        if outcome is None:
            raise CallbackFailure(
                f"The job of {self._callback.id} died without a result:"
                " its process was killed, or has left by os._exit"
            )
        if outcome.failure is not None:
            raise CallbackFailure(outcome.failure)
        return outcome.response

    def _alive(self, records: Records, id: str) -> bool:
        """Return whether the run may still get an outcome."""
        reference = records.reference(id)
        return records.is_starting(id) if reference is None else self.manager.alive(reference)

    def _admit(self, page: str, run: Run, reference: Reference) -> bool:
        """Return whether the run's job is still wanted, and not yet started by a repeated start.

        If it is, note how the manager finds it.
        """
        with self.manager.session() as store, (records := Records(store)).transaction():
            newest = records.table(page).runs.get(self._callback.id)
            wanted = newest == run and records.reference(run.id) is None
            if wanted:
                records.started(run.id, reference)
            return wanted
