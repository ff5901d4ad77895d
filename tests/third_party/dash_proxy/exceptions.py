"""The module from which programs import ``PreventUpdate``, as they do from Dash."""

from dash.exceptions import *  # noqa: F403
