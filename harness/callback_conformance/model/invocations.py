"""What an action of a Taipy program has invoked: its job, and which requirements say what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callback_conformance.model.allowed import Allowed
from callback_conformance.model.jobs import End
from callback_conformance.model.statuses import Outcome, demanded_by, received
from callback_conformance.scenario import SUCCESS, Action, Status, Step
from callback_conformance.scenario.steps import NameThread, RaiseError, WaitAt

#: The requirements that say that the end of each kind of job is reported.
OF_JOBS = {"function": (), "coroutine": ("STATUS-25",)}

NOBODY = 0  # the page of a user whose page never opened


@dataclass(frozen=True)
class TaipyRun:
    """What one action has invoked."""

    number: int
    callback: Action
    #: The page on which the action was, or NOBODY.
    page: int
    arguments: Mapping[str, object]
    gate: str = ""
    rest: tuple[Step, ...] = ()
    end: End | None = None
    result: object = None
    words: tuple[str, ...] = ()
    #: Whether its job has named its thread.
    is_named: bool = False

    @property
    def is_running(self) -> bool:
        """Whether its job is running."""
        return self.end is None

    @property
    def status_gate(self) -> str:
        """The gate at which its status function waits when it hears that the job has returned; empty: none."""
        status = self.callback.status
        steps = status.steps if status else ()
        gates = [step.gate for when, step in steps if when == SUCCESS and isinstance(step, WaitAt)]
        return gates[0] if gates else ""

    @property
    def is_reported_slowly(self) -> bool:
        """Whether it has returned, and its status function waits before it has reported that."""
        return self.end == End.RESULT and bool(self.status_gate)


@dataclass(frozen=True)
class FinalStatus:
    """One call of a status function."""

    run: int
    #: What each parameter receives.
    parameters: Mapping[str, Allowed]
    #: The requirements that say that it is called.
    requirements: tuple[str, ...]


def refusal(action: Action) -> tuple[str, ...]:
    """The requirements by which an invocation must raise, or report a failure, the narrowest first; empty: it is
    right."""
    requirement = _mistake(action)
    status = action.status if requirement == "STATUS-14" else None  # the job may be what finds it
    called = demanded_by(status) if status else ()
    return (*called, requirement) if requirement else ()


def _mistake(action: Action) -> str:
    if action.status is not None and action.status.kind == "text":
        return "STATUS-29"
    if action.kind == "text":
        return "STATUS-27"
    handed = action.literal_arguments
    if handed is None:
        return ""
    if not isinstance(handed, list):
        return "STATUS-28"
    takes = len(handed) if action.takes is None else len(action.takes)
    return "" if len(handed) == takes else "STATUS-14"


def final_status(run: TaipyRun, status: Status, is_after_mistake: bool) -> FinalStatus:
    """How the status function of a run is called when its job has ended; ``is_after_mistake``: a status function of
    another job has raised before."""
    outcome = Outcome(run.end == End.RESULT, run.result, run.callback.status_arguments)
    mistake = ("ISO-11",) if is_after_mistake else ()
    ids = (*_of_end(run), *demanded_by(status), *mistake, "STATUS-3")
    return FinalStatus(run.number, received(status, outcome), ids)


def _of_end(run: TaipyRun) -> Iterator[str]:
    if run.end == End.DIED:
        yield "STATUS-13"
    yield from OF_JOBS.get(run.callback.kind, ("STATUS-15",))


def is_periodic(action: Action) -> bool:
    """Whether a status function hears from time to time that the job of an action is still running."""
    return action.period_ms is not None and action.status is not None


def demanding_news(run: TaipyRun) -> tuple[str, ...]:
    """The requirements that say that the status of a running job is reported in each period, the narrowest first."""
    status = run.callback.status
    assert status is not None, "only one with a status function is periodic"
    named = ("PERIOD-9",) if run.is_named else ()
    of_kind = ("PERIOD-8",) if status.kind not in ("function", "decorated") else ()
    raises = ("PERIOD-7",) if raises_in_status(status) else ()
    return (*named, *of_kind, *raises, "PERIOD-1")


def raises_in_status(status: Status) -> bool:
    """Whether a status function has a mistake."""
    return any(isinstance(step, RaiseError) for _, step in status.steps)


def periodic_parameters(action: Action) -> dict[str, Allowed]:
    """What each parameter but the status receives with a periodic status."""
    assert action.status is not None, "only one with a status function is periodic"
    of_failure = received(action.status, Outcome(False, None, action.status_arguments))
    of_failure.pop("status", None)
    return {
        name: allowed if allowed.holds(None) else allowed.narrowed_by("PERIOD-5")
        for name, allowed in of_failure.items()
    }


def names_thread(steps: tuple[Step, ...]) -> bool:
    """Whether a job that takes these steps names its thread."""
    return any(isinstance(step, NameThread) for step in steps)
