"""``python -m dash_rq app``: workers for the program in ``app.py``, which they import once."""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import signal
import sys

from dash.background_callback.managers import BaseBackgroundCallbackManager
from rq import Worker

from dash_rq.manager import RqManager


def main() -> None:
    """Start the workers and wait for them."""
    parser = argparse.ArgumentParser(prog="python -m dash_rq")
    parser.add_argument("program", help="the module that makes the app, such as app")
    parser.add_argument("--workers", type=int, default=4, help="jobs that run at once (4)")
    asked = parser.parse_args()
    importlib.import_module(asked.program)
    managers = [one for one in BaseBackgroundCallbackManager.managers if isinstance(one, RqManager)]
    if not managers:
        sys.exit(f"{asked.program} makes no RqManager: there is no queue to work on")
    processes = [
        multiprocessing.get_context("fork").Process(target=_work, args=(managers,))
        for _ in range(asked.workers)
    ]

    def stop(*_: object) -> None:
        for one in processes:
            one.terminate()

    for one in processes:
        one.start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the workers, too
    for one in processes:
        one.join()


def _work(managers: list[RqManager]) -> None:
    """One worker; it forks a process for each job, and gives a sign of life every three seconds."""
    queues = {one.queue.name: one.queue for one in managers}
    connection = managers[0].queue.connection
    Worker(list(queues.values()), connection=connection, job_monitoring_interval=3).work()


if __name__ == "__main__":
    main()
