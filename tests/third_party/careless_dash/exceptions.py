"""Where Dash's programs find ``PreventUpdate``."""

from impl_dash_style.exceptions import *  # noqa: F403
