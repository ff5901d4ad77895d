"""The tab that a page has open, and how it is kept going while a fact is awaited."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from callback_conformance.control import violation
from callback_conformance.page.stranger import OverheardTab
from callback_conformance.page.tab import PollingTab, Tab

PATIENCE_SECONDS = 2.0  # of a page that may wait for much longer; then it polls less often
PAUSE_SECONDS = 0.1


class OpenTab:
    """A page's tab; a reload replaces it."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    @property
    def polling(self) -> PollingTab:
        """The tab of a page that polls. Raises TypeError for one to which its server pushes."""
        if not isinstance(self.tab, PollingTab):
            raise TypeError(f"{type(self.tab).__name__} does not poll")
        return self.tab

    @property
    def overheard(self) -> OverheardTab:
        """The tab of a page whose requests can be overheard. Raises TypeError for others."""
        if not isinstance(self.tab, OverheardTab):
            raise TypeError(f"{type(self.tab).__name__} cannot be overheard")
        return self.tab

    def until(
        self, fact: Callable[[], bool], stop_when_idle: bool = False, seconds: float | None = None
    ) -> bool:
        """Let the page go on until ``fact``; False when it cannot become true any more."""
        give_up = time.monotonic() + (violation.WAIT_SECONDS if seconds is None else seconds)
        while not fact():
            if not self.tab.advance():
                return fact()
            left = give_up - time.monotonic()
            if left < 0:
                return stop_when_idle or fact()
            if left < (seconds or 0) - PATIENCE_SECONDS:
                threading.Event().wait(PAUSE_SECONDS)
        return True
