"""``python -m dash_rq app``: workers for the program in ``app.py``, which is imported once."""

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
    parser.add_argument("program", help="the module that creates the app, for example app")
    parser.add_argument(
        "--workers", type=int, default=4, help="how many jobs may run at once (default: 4)"
    )
    arguments = parser.parse_args()
    importlib.import_module(arguments.program)
    every_manager = BaseBackgroundCallbackManager.managers  # which Dash fills as programs make them
    managers = [manager for manager in every_manager if isinstance(manager, RqManager)]
    if not managers:
        sys.exit(f"{arguments.program} creates no RqManager, so the workers have no queue")
    processes = [
        multiprocessing.get_context("fork").Process(target=_work, args=(managers,))
        for _ in range(arguments.workers)
    ]

    def stop(*_: object) -> None:
        for process in processes:
            process.terminate()

    for process in processes:
        process.start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the workers get it from the terminal, too
    for process in processes:
        process.join()


def _work(managers: list[RqManager]) -> None:
    """One worker; it forks a process for each job, and sends a heartbeat every three seconds."""
    queues = {manager.queue.name: manager.queue for manager in managers}
    connection = managers[0].queue.connection
    Worker(list(queues.values()), connection=connection, job_monitoring_interval=3).work()


if __name__ == "__main__":
    main()
