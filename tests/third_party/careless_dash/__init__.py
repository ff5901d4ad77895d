"""The same with a fault: a cancelled job goes on, although its page shows that it was cancelled."""

from typing import Any

from impl_dash_style import *  # noqa: F403
from impl_dash_style import DiskcacheManager


class CarelessManager(DiskcacheManager):
    """A manager that cancels no job."""

    def kill(self, reference: Any) -> None:
        """Do nothing; the fault."""
