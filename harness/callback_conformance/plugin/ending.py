"""A run leaves nothing, also one that is asked to end; what a killed run has left goes first."""

from __future__ import annotations

import signal
import threading

import pytest

from callback_conformance.processes.temporary import remove_leftovers


class EndingPlugin:
    """Ends the run at SIGTERM as at Ctrl-C, so that fixtures are torn down."""

    def __init__(self, config: pytest.Config) -> None:
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            self._previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._is_worker = hasattr(config, "workerinput")
        if not self._is_worker:
            remove_leftovers()

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Leave the signal to whoever has had it, and nothing of a worker of pytest-xdist that died."""
        if not self._is_worker:
            remove_leftovers()
        if self._is_main:
            signal.signal(signal.SIGTERM, self._previous)
