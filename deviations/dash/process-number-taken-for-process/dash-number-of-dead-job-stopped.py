"""Dash: a process that has got the number of a dead job is killed when the job's page polls."""

import ctypes
import os
import signal

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import jobs_end
from deviations.common.outcome import Undecided
from deviations.common.waiting import ends_soon

CLONE3 = 435
FIELDS = (
    "flags pidfd child_tid parent_tid exit_signal stack stack_size tls set_tid set_tid_size cgroup"
)


class CloneArguments(ctypes.Structure):
    """The arguments of the system call by which root can choose the number of a process."""

    _fields_ = [(field, ctypes.c_uint64) for field in FIELDS.split()]


def start_with(number: int) -> int:
    """Start a process that waits, with this number."""
    numbers = (ctypes.c_int * 1)(number)
    chosen = CloneArguments(
        exit_signal=signal.SIGCHLD, set_tid=ctypes.addressof(numbers), set_tid_size=1
    )
    system = ctypes.CDLL(None, use_errno=True)
    process_id = system.syscall(CLONE3, ctypes.byref(chosen), ctypes.sizeof(chosen))
    if process_id == 0:
        os.execvp("sleep", ["sleep", "60"])
    if process_id < 0:
        reason = os.strerror(ctypes.get_errno())
        raise Undecided(f"no process can be started with the number {number}: {reason}")
    return process_id


def program(folder: str) -> Dash:
    """Return an app whose job returns at once."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        [job] = multiprocess.active_children()
        jobs_end()
        successor = start_with(job.pid)
        callback.poll(handles)
        killed = ends_soon(successor)
    print("expected: the poll leaves the process that has got the number of the dead job")
    print(f"seen: it was {'killed' if killed else 'left alone'}")
    return killed
