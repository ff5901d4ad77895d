"""A small and complete Taipy-style implementation of ``invoke_long_callback``.

A program written for ``taipy.gui`` runs here after its import is changed::

    from impl_taipy_style import Gui, State, invoke_long_callback, notify

Read the modules in this order: ``long_callback`` (jobs and their status), ``arguments`` (what a
status function receives), ``client`` and ``state`` (one user's variables), ``calls`` (running a
user's functions), ``clients`` and ``identity`` (who there is), ``page`` (the page language),
``server`` (the protocol), ``gui`` (the program).
"""

from __future__ import annotations

from impl_taipy_style.gui import Gui
from impl_taipy_style.long_callback import invoke_long_callback
from impl_taipy_style.state import State, notify

__all__ = ["Gui", "State", "invoke_long_callback", "notify"]
