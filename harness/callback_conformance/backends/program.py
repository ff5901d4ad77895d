"""A server's program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """An executable of this machine, or of an ``image``, and where it was found, in words."""

    path: str
    where: str
    image: str = ""
