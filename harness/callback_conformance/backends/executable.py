"""A server's executable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Executable:
    """An executable of this machine, or of a container's image."""

    path: str
    #: Where it comes from, in words for the report.
    origin: str
    image: str = ""
