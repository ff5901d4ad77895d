"""The runs of a background callback: start, poll, cancel and replace, in whichever process.

Decisions are made in a transaction on the page's runs, so that a start and a cancel that meet agree on which
came first. What is slow (to fork, to kill) is done after it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from traceback import format_exc
from typing import Final
from uuid import uuid4

from impl_dash_style.background import BackgroundOptions
from impl_dash_style.caching import CacheEntry
from impl_dash_style.callbacks import Callback
from impl_dash_style.context import RunningCall
from impl_dash_style.encoding import encode
from impl_dash_style.exceptions import CallbackFailure, TooManyJobs
from impl_dash_style.job import Instance, Job, JobOutcome, outcome_of
from impl_dash_style.manager import Manager
from impl_dash_style.run_store import PageRuns, Run, RunStore, Updates
from impl_dash_style.side_updates import SideUpdate
from impl_dash_style.trigger import Trigger

#: How many jobs a page may have at once unless the program says. Each is a process, and with ``MATCH`` it is the
#: page that says how many instances a callback has.
MAX_JOBS_PER_PAGE: Final = 32

#: The answer, JSON texts by key, after which the renderer polls again.
STILL_RUNNING: Final = {"multi": "true"}


class Runs:
    """The runs of one background callback, on all pages."""

    def __init__(
        self,
        callback: Callback,
        background: BackgroundOptions,
        manager: Manager,
        max_jobs: int = MAX_JOBS_PER_PAGE,
    ) -> None:
        """``max_jobs`` is how many jobs a page may have at once, of all callbacks."""
        self._max_jobs = max_jobs
        self.callback = callback
        self.background = background
        self.manager = manager

    def start(self, page: str, trigger: Trigger, order: int | None) -> str:
        """Start a run, and stop the one that it replaces. Returns its id.

        A start that is repeated (same page and order) is the same run. One that a newer start or cancel has
        overtaken starts no job, and neither does one with a cached result. Even that result answers the first
        poll rather than the start: the renderer would take it for the end of a newer run, if there is one.
        Raises TooManyJobs if the page may not have another.
        """
        instance = self._instance(trigger)
        entry, failure = self._entry(page, trigger)
        with self.manager.session() as store, (run_store := RunStore(store)).transaction(page):
            page_runs = run_store.page_runs(page)
            place = page_runs.place(order)
            older = page_runs.newest.get(instance)
            if older and older.order > place:
                return uuid4().hex
            if older and older.order == place:
                run, older = older, None
                begun = run_store.has_ended(run.id) or run_store.reference(run.id) is not None
            else:
                names = map(str, self.callback.cancels)
                cancelled = any(page_runs.cancels.get(name, 0) > place for name in names)
                run = page_runs.newest[instance] = Run(uuid4().hex, place, cancelled)
                outcome = failure or (run_store.cached(entry) if entry else None)
                if outcome is None:
                    self._check_room(run_store, page_runs, instance)
                    run_store.mark_starting(run.id)
                else:
                    run_store.set_outcome(run.id, outcome)
                begun = outcome is not None
                if self.callback.on_error:
                    run_store.set_trigger(run.id, trigger)
            run_store.save(page, page_runs)
            replaced = run_store.give_up(older.id) if older else None
            job = Job(run.id, page, self.callback, self.background, trigger, entry)
            needs_no_job = run.cancelled or begun
            if not needs_no_job:
                self.manager.enqueue(store, job)
        if replaced is not None:
            self.manager.kill(replaced)
        if not needs_no_job:
            self.manager.start(job)
        return run.id

    def cancel(self, page: str, name: str, order: int | None) -> None:
        """Stop the page's jobs, of all instances, because the cancel input of this name has changed.

        A job that has stored its outcome has ended; its result is still shown.
        """
        with self.manager.session() as store, (run_store := RunStore(store)).transaction(page):
            page_runs = run_store.page_runs(page)
            place = page_runs.place(order)
            page_runs.cancels[name] = max(place, page_runs.cancels.get(name, 0))
            stopped = []
            for instance, run in page_runs.newest.items():
                is_own = instance[0] == self.callback.id
                if is_own and run.order < place and not run_store.has_ended(run.id):
                    page_runs.newest[instance] = replace(run, cancelled=True)
                    stopped.append(run_store.give_up(run.id))
            run_store.save(page, page_runs)
        for reference in stopped:
            if reference is not None:
                self.manager.kill(reference)

    def poll(
        self, page: str, id: str, trigger: Trigger, order: int | None, again: bool
    ) -> dict[str, str] | None:
        """The answer to a poll: JSON texts by key, or None for an end without an update.

        ``trigger`` tells the instance; a poll brings no values. ``again`` says that the answer to the poll of
        this ``order`` was lost, so that a final answer is repeated, which is otherwise given once. Raises
        CallbackFailure for a job that failed or died, and for a run that the store does not have.
        """
        with self.manager.session() as store:
            run_store = RunStore(store)
            run_store.keep(page, id)
            # The order of the next four lines keeps every result. The outcome is read after the job was seen
            # dead, so one stored before its death is not missed; updates are read after the outcome, so those
            # made before it are not missed; and a killed job is marked in the page's runs before it is killed.
            alive = self._is_alive(run_store, id)
            outcome = run_store.outcome(id)
            updates = run_store.updates(id, order, again)
            newest = run_store.page_runs(page).newest.get(self._instance(trigger))
            if newest is None:
                raise CallbackFailure(
                    f"this run of {self.callback.id} is no longer known: the store was emptied, or the run"
                    " belongs to another server process, which shares no store with this one"
                )
            if newest.id != id:
                # `running` must hold until the newest run has ended; a final answer would end it.
                still_running = not newest.cancelled and self._is_alive(run_store, newest.id)
                return STILL_RUNNING if still_running else None
            if newest.cancelled:
                return None
            if updates.side_updates is not None and not (outcome and outcome.response is not None):
                # An end without a response carries no side updates: this answer does, the next poll gets the end.
                return _answer(None, updates)
            if outcome is not None and not run_store.deliver_outcome(id, again):
                return None
            if outcome is None and not alive and run_store.is_delivered(id):
                return None  # the page had it, and it is dropped since
        if outcome is None and not alive:
            outcome = self._outcome_of_death(page, id)
        return _answer(outcome, updates)

    def _outcome_of_death(self, page: str, id: str) -> JobOutcome | None:
        """The outcome of a job that died without one. None if ``on_error`` decides it, for the next poll."""
        error = CallbackFailure(
            f"The job of {self.callback.id} died without a result:"
            " its process was killed, or ended by os._exit"
        )
        with self.manager.session() as store:
            trigger = RunStore(store).trigger(id)
            if trigger is None:
                return JobOutcome(failure=str(error))
            if not RunStore(store).claim_death(id):
                return None
        side_updates: list[SideUpdate] = []
        call = RunningCall(self.callback, trigger, side_updates.append)
        outcome = outcome_of(call, partial(self.callback.rescue, trigger, error))
        with self.manager.session() as store:
            for update in side_updates:
                RunStore(store).add_side_update(page, id, update)
            RunStore(store).set_outcome(id, outcome)
        return None

    def _check_room(self, run_store: RunStore, page_runs: PageRuns, instance: Instance) -> None:
        """Raise TooManyJobs if the page may not have a job of this instance beside those of others."""
        others = [run for other, run in page_runs.newest.items() if other != instance]
        if len(others) < self._max_jobs:
            return
        unended = [r for r in others if not r.cancelled and not run_store.has_ended(r.id)]
        if sum(self._is_alive(run_store, run.id) for run in unended) >= self._max_jobs:
            raise TooManyJobs(
                f"this page has {self._max_jobs} jobs already, and may have no more at once"
                " (Dash(max_jobs_per_page=...))"
            )

    def _instance(self, trigger: Trigger) -> Instance:
        return self.callback.id, trigger.instance

    def _entry(self, page: str, trigger: Trigger) -> tuple[CacheEntry | None, JobOutcome | None]:
        """Where the result of a trigger is kept, if anywhere; or the failure to decide it."""
        name = f"{self.callback.identity} {trigger.instance} {encode(trigger.outputs)}"
        values = self.callback.values(trigger)
        caching, policy = self.background.caching, self.manager.policy
        if not caching.ignores_trigger:
            name += f" {encode(trigger.changed)}"
        try:
            return caching.entry(name, policy, values, page), None
        except Exception as error:  # noqa: BLE001  whatever a program's `cache_by` raises
            text = f"{self.callback.id} has no cache key: `cache_by` raised {type(error).__name__}."
            return None, JobOutcome(failure=text, detail=format_exc())

    def _is_alive(self, run_store: RunStore, id: str) -> bool:
        """Whether the run may still get an outcome."""
        reference = run_store.reference(id)
        return run_store.is_starting(id) if reference is None else self.manager.alive(reference)


def _answer(outcome: JobOutcome | None, updates: Updates) -> dict[str, str] | None:
    """The answer to a poll of a page's newest run. Raises CallbackFailure for a job that failed."""
    answer = dict(STILL_RUNNING)
    if updates.side_updates is not None:
        answer["sideUpdate"] = updates.side_updates
    if updates.progress is not None:
        answer["progress"] = updates.progress
    if outcome is None:
        return answer
    if outcome.response is not None:
        return answer | {"response": outcome.response}
    if outcome.failure is not None:
        raise CallbackFailure(outcome.failure, outcome.detail)
    return None
