"""The runs of a background callback: start, poll, cancel and replace, whichever process is asked.

What is decided is decided in a transaction on the page's table, so that a start and a cancel that
meet agree on who was first. What is slow (to fork, to kill) is done after it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from traceback import format_exc
from typing import Final
from uuid import uuid4

from .background import Background
from .caching import Entry
from .callbacks import Callback
from .context import Context
from .encoding import encode
from .exceptions import CallbackFailure
from .job import Job, Outcome, outcome
from .manager import Manager, Reference
from .records import Instance, News, Records, Run
from .side_updates import SideUpdate
from .trigger import Trigger

STILL_RUNNING: Final = {"multi": "true"}
"""The answer, JSON texts by key, that makes the renderer ask again."""


class Runs:
    """The runs of one background callback, on all pages."""

    def __init__(self, callback: Callback, background: Background, manager: Manager) -> None:
        self.callback = callback
        self.background = background
        self.manager = manager

    def start(self, page: str, trigger: Trigger, order: int | None) -> str:
        """Start a run, and stop the one that it replaces. Return its id.

        A start that is repeated (same page and order) is the same run. One that a newer start or
        cancel has overtaken starts no job, and neither does a hit. A hit, too, is answered to the first
        poll: the renderer takes an answer to the start for the end of a newer run, if there is one by now.
        """
        instance = self._instance(trigger)
        entry, failure = self._entry(page, trigger)
        with self.manager.session() as store, (records := Records(store)).transaction():
            table = records.table(page)
            place = table.place(order)
            older = table.runs.get(instance)
            if older and older.order > place:
                return uuid4().hex
            if older and older.order == place:
                run, older = older, None
            else:
                names = map(str, self.callback.cancels)
                cancelled = any(table.cancels.get(name, 0) > place for name in names)
                run = table.runs[instance] = Run(uuid4().hex, place, cancelled)
                records.starting(run.id, failure or (records.use(entry) if entry else None))
                if self.callback.on_error:
                    records.keep_trigger(run.id, trigger)
            records.save(page, table)
            replaced = records.give_up(older.id) if older else None
            started = run.cancelled or records.ended(run.id) or records.reference(run.id)
        if replaced is not None:
            self.manager.kill(replaced)
        if not started:
            job = Job(run.id, self.callback, self.background, trigger, entry)
            self.manager.start(job, partial(self._admit, page, instance, run))
        return run.id

    def cancel(self, page: str, name: str, order: int | None) -> None:
        """Stop the page's jobs, of all instances, because the cancel input of this name has changed.

        A job that has stored its outcome has ended; its result is still shown.
        """
        with self.manager.session() as store, (records := Records(store)).transaction():
            table = records.table(page)
            place = table.place(order)
            table.cancels[name] = max(place, table.cancels.get(name, 0))
            stopped = []
            for instance, run in table.runs.items():
                mine = instance[0] == self.callback.id
                if mine and run.order < place and not records.ended(run.id):
                    table.runs[instance] = replace(run, cancelled=True)
                    stopped.append(records.give_up(run.id))
            records.save(page, table)
        for reference in stopped:
            if reference is not None:
                self.manager.kill(reference)

    def poll(
        self, page: str, id: str, trigger: Trigger, order: int | None, again: bool
    ) -> dict[str, str] | None:
        """Return the answer to a poll: JSON texts by key, or None for an end without an update.

        `trigger` tells the instance; a poll brings no values. `again` says that the answer to the
        poll of this `order` was lost; a final answer is given again then, and once otherwise. Raise
        CallbackFailure for a job that failed or died, and for a run that is no longer known.
        """
        with self.manager.session() as store:
            records = Records(store)
            records.needed(page, id)
            # The order of the next four lines is what loses no result. A job that had stored its
            # outcome when it was seen dead is found to have; what it reported before that is found
            # with it; and one that was killed had been marked in the table before.
            alive = self._alive(records, id)
            ended = records.outcome(id)
            news = records.news(id, order, again)
            newest = records.table(page).runs.get(self._instance(trigger))
            if newest is None:
                raise CallbackFailure(
                    f"this run of {self.callback.id} is no longer known: the store was emptied, or belongs"
                    " to another server process, which shares no store with this one"
                )
            if newest.id != id:
                # `running` must hold until the newest run has ended; a final answer would end it.
                waits = not newest.cancelled and self._alive(records, newest.id)
                return STILL_RUNNING if waits else None
            if newest.cancelled:
                return None
            if news.side_updates is not None and not (ended and ended.response is not None):
                return _answer(None, news)  # another end carries no updates; the next poll is told
            if ended is not None and not records.give(id, again):
                return None
        if ended is None and not alive:
            ended = self._death(id)
        return _answer(ended, news)

    def _death(self, id: str) -> Outcome | None:
        """Return the outcome of a job that died without one. None says that `on_error` has it now."""
        error = CallbackFailure(
            f"The job of {self.callback.id} died without a result:"
            " its process was killed, or has left by os._exit"
        )
        with self.manager.session() as store:
            trigger = Records(store).trigger(id)
            if trigger is None:
                return Outcome(failure=str(error))
            if not Records(store).claim(id):
                return None
        updates: list[SideUpdate] = []
        known = Context(self.callback, trigger, updates.append)
        ended = outcome(known, partial(self.callback.rescue, trigger, error))
        with self.manager.session() as store:
            for update in updates:
                Records(store).add_side_update(id, update)
            Records(store).end(id, ended)
        return None

    def _instance(self, trigger: Trigger) -> Instance:
        return self.callback.id, trigger.instance

    def _entry(self, page: str, trigger: Trigger) -> tuple[Entry | None, Outcome | None]:
        """Return where the result of a trigger is kept; or, if that cannot be told, a failure."""
        name = f"{self.callback.identity} {trigger.instance} {encode(trigger.outputs)}"
        values = self.callback.values(trigger)
        try:
            caching, policy = self.background.caching, self.manager.policy
            return caching.entry(name, policy, values, page), None
        except Exception as error:  # noqa: BLE001  whatever a program's `cache_by` raises
            text = f"{self.callback.id} has no cache key. {type(error).__name__}: {error}"
            return None, Outcome(failure=f"{text}\n\n{format_exc()}")

    def _alive(self, records: Records, id: str) -> bool:
        """Return whether the run may still get an outcome."""
        reference = records.reference(id)
        return records.is_starting(id) if reference is None else self.manager.alive(reference)

    def _admit(self, page: str, instance: Instance, run: Run, reference: Reference) -> bool:
        """Return whether the run's job is still wanted, and not yet started by a repeated start.

        If it is, note how the manager finds it.
        """
        with self.manager.session() as store, (records := Records(store)).transaction():
            newest = records.table(page).runs.get(instance)
            wanted = newest == run and records.reference(run.id) is None
            if wanted:
                records.started(run.id, reference)
            return wanted


def _answer(ended: Outcome | None, news: News) -> dict[str, str] | None:
    """Return what a page is told of its newest run. Raise CallbackFailure for a job that failed."""
    answer = dict(STILL_RUNNING)
    if news.side_updates is not None:
        answer["sideUpdate"] = news.side_updates
    if news.progress is not None:
        answer["progress"] = news.progress
    if ended is None:
        return answer
    if ended.response is not None:
        return answer | {"response": ended.response}
    if ended.failure is not None:
        raise CallbackFailure(ended.failure)
    return None
