"""Starts a Celery worker as the command ``celery`` does, and tells the probe when a task is over.

A worker's process runs one task after another, so that its end is no fact of any of them. Runs inside an
implementation's own environment, beside the native app: Python 3.8.
"""

import os
import sys

import probe
from celery.__main__ import main
from celery.signals import task_postrun


def over(**_: object) -> None:
    """The outcome of the task is stored."""
    probe.finished()


# Each node needs a name of its own: RabbitMQ refuses the second of two.
sys.argv = [word.replace("@%h", f"-{os.getpid()}@%h") for word in sys.argv]
task_postrun.connect(over)
main()
