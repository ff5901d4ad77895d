"""How generated values are made: the same ones each time, and with no clock that a busy machine could lose."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("steady", database=None, deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")
