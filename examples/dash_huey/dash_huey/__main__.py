"""``python -m dash_huey app``: workers for the program in ``app.py``, which is imported once."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable

from dash.background_callback.managers import BaseBackgroundCallbackManager
from huey.consumer import Consumer

from dash_huey.manager import HueyManager


class Workers(Consumer):
    """Huey's own, which say when they have started."""

    def start(self) -> None:
        super().start()
        print(f"{self.workers} workers wait for jobs", flush=True)


def main(after_job: Callable[[], None] = lambda: None) -> None:
    """Start the workers and wait for them. Each calls ``after_job`` when a job has returned and its result is stored."""
    parser = argparse.ArgumentParser(prog="python -m dash_huey")
    parser.add_argument("program", help="the module that creates the app, for example app")
    parser.add_argument(
        "--workers", type=int, default=4, help="how many jobs may run at once (default: 4)"
    )
    arguments = parser.parse_args()
    importlib.import_module(arguments.program)
    every_manager = BaseBackgroundCallbackManager.managers  # which Dash fills as programs make them
    managers = [manager for manager in every_manager if isinstance(manager, HueyManager)]
    if not managers:
        sys.exit(f"{arguments.program} creates no HueyManager, so the workers have no queue")
    if len({manager.store.filename for manager in managers}) > 1:
        sys.exit(f"the managers of {arguments.program} have different databases; give them one")
    huey = managers[0].huey
    huey.post_execute("after_job")(lambda task, value, error: after_job())
    Workers(
        huey,
        workers=arguments.workers,
        worker_type="process",  # a cancelled job is killed with its process
        health_check_interval=0.5,  # for another process in the place of one that was killed
        initial_delay=0.05,
        max_delay=0.5,
    ).run()


if __name__ == "__main__":
    main()
