"""What runs inside a job's own process: the user's function, what it reports, and its outcome."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from . import context, side_updates
from .caching import Entry
from .context import Context
from .exceptions import PreventUpdate
from .store import KEEP_S, Ask, Store

if TYPE_CHECKING:
    from .background import Background
    from .callbacks import Callback
    from .trigger import Trigger


@dataclass(frozen=True)
class Job:
    """One execution of a callback's function. `run` is unique.

    `entry` is where its result is kept for later triggers, if it is.
    """

    run: str
    callback: Callback
    background: Background
    trigger: Trigger
    entry: Entry | None = None


@dataclass(frozen=True)
class Outcome:
    """How a job ended: with a `response` (updates as JSON), with a `failure` (text), or declined."""

    response: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Report:
    """What a job has reported as progress (updates as JSON). The id tells one from the next."""

    id: str
    updates: str


def outcome_key(run: str) -> str:
    return f"{run}.outcome"


def progress_key(run: str) -> str:
    return f"{run}.progress"


def given_up_key(run: str) -> str:
    return f"{run}.given_up"


def perform(job: Job, ask: Ask) -> None:
    """Execute a job and store its outcome."""
    first = [_setter(job, ask)] if job.background.progress is not None else []
    known = Context(job.callback, job.trigger, lambda new: ask(side_updates.add, job.run, new))
    errors: list[BaseException] = []
    ended = outcome(known, lambda: job.callback.run(job.trigger, *first, errors=errors))
    reusable = ended.response is not None and not errors
    try:
        ask(_finish, job.run, ended, job.entry if reusable else None)
    except Exception as error:  # noqa: BLE001  whatever a store raises that is full
        text = (
            f"The result of {job.callback.id} could not be stored. {type(error).__name__}: {error}"
        )
        ask(_finish, job.run, Outcome(failure=text), None)


def _finish(store: Store, run: str, ended: Outcome, entry: Entry | None) -> None:
    """Store an outcome, also for later triggers if there is an entry for it.

    A run that was given up in the meantime leaves nothing: in particular no result for later triggers.
    """
    with store.transact():
        if given_up_key(run) in store:
            return
        store.set(outcome_key(run), ended, expire=KEEP_S)
        if entry is not None:
            store.set(entry.key, ended, expire=entry.expire)


def outcome(known: Context, function: Callable[[], str]) -> Outcome:
    """Return how `function` ends in this context. SystemExit is a failure too: there is no result."""
    try:
        with context.use(known):
            return Outcome(response=function())
    except PreventUpdate:
        return Outcome()
    except BaseException as error:  # noqa: BLE001  whatever ends the job is told to the page
        name = f"{type(error).__name__}: {error}"
        return Outcome(
            failure=f"The job of {known.callback.id} failed. {name}\n\n{traceback.format_exc()}"
        )


def _setter(job: Job, ask: Ask) -> Callable[..., None]:
    """Return the function by which a job reports progress."""

    def set_progress(*values: Any) -> None:
        """Show a value of the form that `progress` declares. Raise if it has another."""
        ask(_report, job.run, Report(uuid4().hex, job.background.progress_updates(values)))

    return set_progress


def _report(store: Store, run: str, report: Report) -> None:
    store.set(progress_key(run), report, expire=KEEP_S)
