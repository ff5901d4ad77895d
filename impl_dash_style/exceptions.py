"""The exceptions that a program can meet."""

from __future__ import annotations


class PreventUpdate(Exception):
    """Raised in a callback's function to leave its outputs as they are."""


class DeclarationError(ValueError):
    """A callback, a manager or an app is declared in a way that cannot work. The text says what to change."""


class MissingManagerError(DeclarationError):
    """A background callback has no manager, neither its own nor the app's."""


class CallbackFailure(Exception):
    """A callback has failed. The text says what failed and how, and every user may see it.

    ``detail`` may hold paths and values of the server: it is for the log, and for a page in debug mode.
    """

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.detail = detail


class TooManyJobs(Exception):
    """A page has as many jobs at once as it may have. The text says how many."""


class MissingCallbackContextException(Exception):
    """The context is used outside a callback, or in a long_callback, which has none."""
