"""A package that offers Dash's names. It is real enough: one of this project, under another name."""

from impl_dash_style import *  # noqa: F403
