"""A server's program on this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """An executable, and where it was found, in words."""

    path: str
    where: str
