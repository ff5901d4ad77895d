"""Dash's core components, and `Progress` among them, where a document's programs look for it."""

from __future__ import annotations

from dash.dcc import *  # noqa: F403
from dash.html import Progress

__all__ = ["Progress"]  # and, by their own names, all that the star has brought
