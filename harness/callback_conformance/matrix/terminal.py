"""The choice of a display: bars on a terminal, else lines."""

from __future__ import annotations

import sys

from callback_conformance.matrix.progress import Display, Lines


def display() -> Display:
    """Bars on a terminal where rich is installed (the extra ``matrix``), else lines."""
    if not sys.stdout.isatty():
        return Lines()
    try:
        from callback_conformance.matrix.bars import Bars
    except ImportError:
        return Lines()
    return Bars()
