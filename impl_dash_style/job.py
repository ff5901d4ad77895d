"""What runs inside a job's own process: the user's function, what it reports, and its outcome."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias
from uuid import uuid4

from impl_dash_style import context, side_updates
from impl_dash_style.caching import CacheEntry
from impl_dash_style.context import RunningCall
from impl_dash_style.exceptions import PreventUpdate
from impl_dash_style.store import KEEP_S, RESULT, KeyValueStore, StoreCall
from impl_dash_style.trigger import Trigger

if TYPE_CHECKING:
    from impl_dash_style.background import BackgroundOptions
    from impl_dash_style.callbacks import Callback

#: A callback's id, and the values of its ``MATCH``. Each instance has runs of its own.
Instance: TypeAlias = tuple[str, str]


#: Of why a result could not be stored. Older releases of redis-py quote the whole result.
_DETAIL_CHARACTERS: Final = 4000


@dataclass(frozen=True)
class Job:
    """One execution of a callback's function."""

    run: str  # unique
    page: str
    callback: Callback
    background: BackgroundOptions
    trigger: Trigger
    entry: CacheEntry | None = None  # where its result is kept for later triggers

    @property
    def instance(self) -> Instance:
        return self.callback.id, self.trigger.instance

    def described(self) -> dict[str, object]:
        """What another process needs to do it, beside the callback: data."""
        return {"run": self.run, "page": self.page, "trigger": self.trigger, "entry": self.entry}

    @classmethod
    def restored(
        cls,
        callback: Callback,
        run: str,
        page: str,
        trigger: dict[str, Any],
        entry: list[Any] | None,
    ) -> Self:
        """Make it of a background callback and what ``described`` has returned."""
        assert callback.background
        kept_in = None if entry is None else CacheEntry(*entry)
        described = Trigger.restored(**trigger), kept_in
        return cls(run, page, callback, callback.background, *described)


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended. With neither a response nor a failure, its outputs keep their values."""

    response: str | None = None  # the updates as JSON
    failure: str | None = None  # what the page reports
    detail: str = ""  # of the failure, for the log


@dataclass(frozen=True)
class ProgressReport:
    """What a job has reported as progress."""

    id: str  # unique
    updates: str  # as JSON


def outcome_key(run: str) -> str:
    return f"{run}{RESULT}"


def progress_key(run: str) -> str:
    return f"{run}.progress"


def given_up_key(run: str) -> str:
    return f"{run}.given_up"


def perform(job: Job, store_call: StoreCall) -> None:
    """Execute a job and store its outcome."""
    first = [_progress_setter(job, store_call)] if job.background.progress else []
    call = RunningCall(
        job.callback,
        job.trigger,
        lambda update: store_call(side_updates.add, job.page, job.run, update),
    )
    errors: list[BaseException] = []
    outcome = outcome_of(call, lambda: job.callback.run(job.trigger, *first, errors=errors))
    reusable = outcome.response is not None and not errors
    try:
        store_call(_finish, job.page, job.run, outcome, job.entry if reusable else None)
    except Exception:  # noqa: BLE001  whatever a full store raises
        text = f"The result of {job.callback.id} could not be stored."
        failed = JobOutcome(failure=text, detail=traceback.format_exc()[-_DETAIL_CHARACTERS:])
        store_call(_finish, job.page, job.run, failed, None)


def outcome_of(call: RunningCall, function: Callable[[], str]) -> JobOutcome:
    """How ``function`` ends in this context. SystemExit is a failure too: there is no result."""
    try:
        with context.use(call):
            return JobOutcome(response=function())
    except PreventUpdate:
        return JobOutcome()
    except BaseException as error:  # noqa: BLE001  whatever ends the job, the page reports it
        text = f"The job of {call.callback.id} failed: it raised {type(error).__name__}."
        return JobOutcome(failure=text, detail=traceback.format_exc())


def _finish(
    store: KeyValueStore, page: str, run: str, outcome: JobOutcome, entry: CacheEntry | None
) -> None:
    """Store an outcome, also for later triggers if there is an entry for it.

    A run that was given up in the meantime leaves nothing, not even a result for later triggers.
    """
    with store.transact(page):
        if given_up_key(run) in store:
            return
        store.set(outcome_key(run), outcome, expire=KEEP_S)
        if entry is not None:
            key, expire = entry  # a list, if it comes through a queue
            store.set(key, outcome, expire=expire)


def _progress_setter(job: Job, store_call: StoreCall) -> Callable[..., None]:
    """The function by which a job reports progress."""

    def set_progress(*values: object) -> None:
        """Show a value of the form that ``progress`` declares. Raises ValueError if it has another."""
        updates = job.background.progress_updates(values)
        store_call(_report, job.run, ProgressReport(uuid4().hex, updates))

    return set_progress


def _report(store: KeyValueStore, run: str, report: ProgressReport) -> None:
    store.set(progress_key(run), report, expire=KEEP_S)


#: What jobs do with a store.
REMOTE: Final = (_finish, _report)
