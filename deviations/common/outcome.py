"""How a reproducer ends: its exit status says whether its deviation is there."""

import logging
import sys
from collections.abc import Callable


class Undecided(Exception):
    """Something that the reproducer takes for granted does not hold."""


def conclude(deviates: Callable[[], bool]) -> None:
    """Exit with 1 if the deviation is there, 0 if it is gone, 2 if that could not be decided."""
    status = 2
    try:
        status = int(deviates())
    except Undecided as reason:
        print(f"undecided: {reason}")
    except Exception:
        logging.exception("undecided")
    sys.exit(status)
