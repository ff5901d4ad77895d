"""A package that offers Dash's names: an implementation of this project, under another name."""

from impl_dash_style import *  # noqa: F403
