"""What contradicts a requirement, and how long a fact is awaited before its absence does."""

from __future__ import annotations

#: A fact that takes longer will not come: a killed Celery child costs up to 5 s. Read it through its module, so that
#: a test can shorten it in one place.
WAIT_SECONDS = 10.0


class Violation(AssertionError):
    """What was observed contradicts a requirement."""

    #: The ids of those that it violates, where the test does not name them.
    requirements: tuple[str, ...] = ()
