"""The page of a program with `long_callback` and a manager on diskcache, without a browser."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deviations.common.jobs import kill_jobs
from deviations.common.timer_page import TimerPage


@contextmanager
def long_callback_page(program: Callable[..., Any], *arguments: Any) -> Iterator[TimerPage]:
    """Load the page of a program that keeps its files in a temporary folder; its jobs end with it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield TimerPage(program(folder, *arguments))
        finally:
            kill_jobs()
