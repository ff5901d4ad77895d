"""Dash's core components, and with ``Progress``, which a document's programs take from here."""

from __future__ import annotations

from dash.dcc import *  # noqa: F403
from dash.html import Progress

__all__ = ["Progress"]  # and, by their own names, all that the star imports
