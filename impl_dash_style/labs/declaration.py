"""What `app.long_callback(...)` says in Dash Labs, checked and put in the one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from ..callbacks import Callback
from ..declaration import declare as declare_background
from ..exceptions import DeclarationError
from ..long_callback import only, three_values
from ..manager import Manager
from .dependencies import Properties
from .plugins import FlexibleCallbacks, HiddenComponents, LongCallback

Plugin = FlexibleCallbacks | HiddenComponents | LongCallback

_NEEDED: Final = (LongCallback, FlexibleCallbacks, HiddenComponents)

_KEYWORDS: Final = (
    "args",
    "output",
    "inputs",
    "state",
    "prevent_initial_call",
    "running",
    "cancel",
    "progress",
    "interval",
)


@dataclass(frozen=True)
class Labs:
    """What the plugins of an app make of its declarations."""

    plugins: tuple[Plugin, ...]

    @classmethod
    def declare_plugins(cls, plugins: Sequence[Any]) -> Self:
        """Take the plugins of an app. Refuse what is none, a plugin's class among it."""
        for plugin in plugins:
            if not isinstance(plugin, _NEEDED):
                raise DeclarationError(
                    f"plugins: expected FlexibleCallbacks() or such, not {plugin!r}"
                )
        return cls(tuple(plugins))

    @property
    def manager(self) -> Manager | None:
        """The manager that a plugin brings."""
        found = (plugin.manager for plugin in self.plugins if isinstance(plugin, LongCallback))
        return next(found, None)

    def declare(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Callback:
        """Return the callback that `app.long_callback(*args, **kwargs)(function)` declares.

        Raise DeclarationError if a plugin is absent, and for what a background callback may not have.
        """
        for kind in _NEEDED:
            if not any(isinstance(plugin, kind) for plugin in self.plugins):
                raise DeclarationError(
                    f"app.long_callback needs the plugin {kind.__name__}: Dash(..., plugins=[...])"
                )
        only(_KEYWORDS, kwargs)
        named = {**self.with_inputs(kwargs), "background": True}
        new = three_values(declare_background(function, args, named))
        assert new.background is not None
        return replace(new, background=replace(new.background, labs=True))

    def with_inputs(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the keywords of a callback with `inputs` in the place of `args`."""
        if "args" not in kwargs:
            return kwargs
        if "inputs" in kwargs or "state" in kwargs:
            raise DeclarationError("args holds inputs and state alike: give it alone")
        rest = {name: value for name, value in kwargs.items() if name != "args"}
        given = kwargs["args"]
        return {**rest, "inputs": [given] if isinstance(given, Properties) else given}
