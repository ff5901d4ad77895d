"""The module from which programs import ``PreventUpdate``, as they do from Dash."""

from impl_dash_style.exceptions import *  # noqa: F403
