"""The real Dash under ``DashProxy`` of dash-extensions, with the names that programs import from Dash."""

from dash import *  # noqa: F403
from dash import ctx, dcc, html
from dash_extensions.enrich import DashProxy as Dash

__all__ = ["Dash", "ctx", "dcc", "html"]
