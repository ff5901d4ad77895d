"""The same with a fault: who cancels a job is told that it is cancelled, and the job goes on."""

from typing import Any

from impl_dash_style import *  # noqa: F403
from impl_dash_style import DiskcacheManager


class CarelessManager(DiskcacheManager):
    """Stops nothing."""

    def kill(self, reference: Any) -> None:
        """Forget it."""
