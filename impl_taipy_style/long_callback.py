"""``invoke_long_callback``: a job in a thread of its own, and the status it reports.

Two kinds of status, of which the first may come often and the second comes exactly once:

* A *periodic status* is the number of periods that have passed since the job began: 1, 2, ...
* The *final status* is True after the job returned, and False after it raised anything.

The final status is reported by the job's own thread, which then ends. Periodic ones are reported by
a second thread, so that a job which never yields does not hold them up. One lock serialises the
two: the final status waits for a periodic one in progress, and none begins after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

from impl_taipy_style.arguments import status_arguments
from impl_taipy_style.calls import call, call_safely, name_of, report
from impl_taipy_style.state import State

Function = Callable[..., Any]


def invoke_long_callback(
    state: State,
    user_function: Function,
    user_function_args: Sequence[Any] | None = None,
    user_status_function: Function | None = None,
    user_status_function_args: Sequence[Any] | None = None,
    period: float = 0,
) -> None:
    """Run ``user_function(*user_function_args)`` in a thread of its own, and return at once.

    Both functions may be anything that can be called; a coroutine function is run to its end.

    ``user_status_function`` is called with the state, a status, ``user_status_function_args`` and
    the result, as far as it has parameters for them (see ``arguments.status_arguments``): every
    ``period`` milliseconds while the job runs, with an int that counts the periods from 1, and once
    when it has ended, with True and the result or with False and None. A period of 0 means: only
    at the end. A period that passes while an earlier call still runs is counted, not made up for.

    An exception of the job goes to the program's ``on_exception(state, name, exception)`` after the
    final status, or to the log. Raises TypeError or ValueError for a call that cannot work, and
    RuntimeError if as many jobs of this client run as ``Gui.run`` allows.
    """
    _check_callable("user_function", user_function)
    if user_status_function is not None:
        _check_callable("user_status_function", user_status_function)
    if not isinstance(state, State):
        raise TypeError(f"state is {state!r}; expected the State that the callback received")
    job = _Job(
        state,
        user_function,
        _arguments("user_function_args", user_function_args),
        user_status_function,
        _arguments("user_status_function_args", user_status_function_args),
        _seconds(period),
    )
    thread = threading.Thread(target=job.run, name=f"job {name_of(user_function)}", daemon=True)
    state._client.job_begins()
    try:
        thread.start()
    except RuntimeError:  # There is no room for another thread.
        state._client.job_ends()
        raise


@dataclass(frozen=True)
class _Job:
    state: State
    function: Function
    args: list[Any]  # of the function
    status_function: Function | None
    status_args: list[Any]  # between the status and the result
    period: float  # in seconds; 0 for no periodic status
    ended: threading.Event = field(default_factory=threading.Event)  # set before the final status
    reporting: threading.Lock = field(default_factory=threading.Lock)  # held during each report

    def run(self) -> None:
        """Run the function, then report the final status."""
        status, result, failure = False, None, None
        try:
            if self.period and self.status_function:
                threading.Thread(target=self._report_periods, daemon=True).start()
            result = call(self.function, (self.args, {}))
            status = True
        except BaseException as error:  # noqa: BLE001 - a job that ends by SystemExit has ended
            failure = error
        self.state._client.job_ends()
        self.ended.set()
        with self.reporting:
            self._report(status, result)
        if failure is not None:
            report(self.state, self.function, failure)

    def _report_periods(self) -> None:
        """Report at each full period since now, skipping those that a slow report used up."""
        start = time.monotonic()
        periods = 1
        while not self.ended.wait(start + periods * self.period - time.monotonic()):
            with self.reporting:
                if self.ended.is_set():
                    return
                self._report(periods, None)
            periods = max(periods, int((time.monotonic() - start) / self.period)) + 1

    def _report(self, status: int, result: Any) -> None:
        if self.status_function is not None:
            arguments = (self.state, status, self.status_args, result)
            call_safely(
                self.state, self.status_function, status_arguments(self.status_function, *arguments)
            )


def _check_callable(name: str, function: object) -> None:
    if not callable(function):
        raise TypeError(f"{name} is {function!r}; expected a function, without calling it")


def _arguments(name: str, args: object) -> list[Any]:
    if args is None:
        return []
    if not isinstance(args, (list, tuple)):
        raise TypeError(f"{name} is {args!r}; expected a list, such as [{args!r}]")
    return list(args)


def _seconds(period: object) -> float:
    if not isinstance(period, Real) or isinstance(period, bool):
        raise TypeError(f"period is {period!r}; expected a number of milliseconds")
    seconds = float(period) / 1000
    if not 0 <= seconds <= threading.TIMEOUT_MAX:  # Also false for NaN.
        raise ValueError(f"period is {period!r}; expected milliseconds, 0 or more")
    return seconds
