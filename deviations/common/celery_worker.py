"""Celery without a server: broker, results and worker are in this process, or in a pool forked from it."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from billiard import active_children
from celery import Celery
from celery.contrib.testing.worker import start_worker
from celery.signals import before_task_publish, task_postrun

from deviations.common.outcome import Undecided


def celery_in_memory(results: str = "cache+memory://") -> Celery:
    """Return a Celery app whose broker is the memory of this process."""
    celery_app = Celery(__name__, broker="memory://", backend=results)
    celery_app.conf.broker_transport_options = {"polling_interval": 0.01}
    celery_app.conf.worker_hijack_root_logger = False
    return celery_app


class TaskWatch:
    """Which tasks are sent to the worker, and when their outcomes are stored."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.ended = threading.Semaphore(0)
        before_task_publish.connect(self.note_sent, weak=False)
        task_postrun.connect(self.note_end, weak=False)

    def note_sent(self, headers: Any = None, **_: Any) -> None:
        self.sent.append(headers["id"])

    def note_end(self, **_: Any) -> None:
        self.ended.release()

    def wait_for_end(self) -> None:
        """Wait until one more task has ended."""
        if not self.ended.acquire(timeout=10):
            raise Undecided("a task did not end within 10 s")


workers: list[Any] = []  # a worker ends when nothing refers to it


def start_pool(celery_app: Celery) -> None:
    """Start a worker with two processes. It lives until `conclude_with_pool` ends it."""
    worker = start_worker(celery_app, pool="prefork", concurrency=2, perform_ping_check=False)
    workers.append(worker)
    worker.__enter__()


def conclude_with_pool(deviates: Callable[[], bool]) -> None:
    """Exit as `conclude` does, but at once: a worker's threads wait for the processes of its pool."""
    status = 2
    try:
        status = int(deviates())
    except Exception:
        logging.exception("undecided")
    for process in active_children():
        os.kill(process.pid, signal.SIGKILL)
    sys.stdout.flush()
    os._exit(status)
