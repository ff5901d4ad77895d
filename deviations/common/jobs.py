"""The processes of jobs: a manager on diskcache forks one for each job."""

from multiprocessing.connection import wait
from typing import Any

import multiprocess

from deviations.common.outcome import Undecided


def jobs_end() -> None:
    """Wait until the process of each job has ended."""
    for process in multiprocess.active_children():
        if not wait([process.sentinel], timeout=10):
            raise Undecided("a job did not end within 10 s")
        process.join()


def kill_jobs() -> None:
    """End the process of each job."""
    for process in multiprocess.active_children():
        process.kill()
        process.join(10)


def is_alive(process: Any) -> bool:
    """Tell whether a process goes on for half a second; one that was killed ends at once."""
    return not wait([process.sentinel], timeout=0.5)
