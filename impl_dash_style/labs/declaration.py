"""What ``app.long_callback(...)`` says in Dash Labs, checked and put in the form that all callbacks have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self, TypeAlias

from impl_dash_style.callbacks import Callback
from impl_dash_style.declaration import check_keywords
from impl_dash_style.declaration import declare as declare_background
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.labs.dependencies import Properties
from impl_dash_style.labs.plugins import FlexibleCallbacks, HiddenComponents, LongCallback
from impl_dash_style.long_callback import check_off_values
from impl_dash_style.manager import Manager

Plugin: TypeAlias = FlexibleCallbacks | HiddenComponents | LongCallback

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
class LabsForm:
    """The form of declaration that the plugins of an app enable."""

    plugins: tuple[Plugin, ...]

    @classmethod
    def declare_plugins(cls, plugins: Sequence[Plugin]) -> Self:
        """Take the plugins of an app. Raises DeclarationError for anything else, such as a plugin's class."""
        for plugin in plugins:
            if not isinstance(plugin, _NEEDED):
                raise DeclarationError(
                    f"plugins: expected instances, such as FlexibleCallbacks(), not {plugin!r}"
                )
        return cls(tuple(plugins))

    @property
    def manager(self) -> Manager | None:
        """The manager that a plugin brings."""
        managers = (plugin.manager for plugin in self.plugins if isinstance(plugin, LongCallback))
        return next(managers, None)

    def declare(
        self, function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> Callback:
        """The callback that ``app.long_callback(*args, **kwargs)(function)`` declares.

        Raises DeclarationError if a plugin is absent, and for what a background callback may not have.
        """
        for kind in _NEEDED:
            if not any(isinstance(plugin, kind) for plugin in self.plugins):
                raise DeclarationError(
                    f"app.long_callback needs the plugin {kind.__name__}: Dash(..., plugins=[...])"
                )
        check_keywords("long_callback", _KEYWORDS, kwargs)
        named = {**self.with_inputs(kwargs), "background": True}
        callback = declare_background(function, args, named)
        check_off_values(callback)
        assert callback.background is not None
        return replace(callback, background=replace(callback.background, labs_progress=True))

    def with_inputs(self, kwargs: dict[str, object]) -> dict[str, object]:
        """The keywords of a callback with ``inputs`` in the place of ``args``."""
        if "args" not in kwargs:
            return kwargs
        if "inputs" in kwargs or "state" in kwargs:
            raise DeclarationError(
                "args= takes inputs and state alike; leave inputs= and state= out"
            )
        rest = {name: value for name, value in kwargs.items() if name != "args"}
        inputs = kwargs["args"]
        return {**rest, "inputs": [inputs] if isinstance(inputs, Properties) else inputs}
