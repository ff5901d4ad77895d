"""Pages: one user's browser tab, on the wire or in a real browser."""

from callback_conformance.page.page import Page
from callback_conformance.page.stranger import Exchange, RawAnswer, RawRequest, Stranger
from callback_conformance.page.tab import DidNotLoad, Notification, Tab, TabError

__all__ = [
    "DidNotLoad",
    "Exchange",
    "Notification",
    "Page",
    "RawAnswer",
    "RawRequest",
    "Stranger",
    "Tab",
    "TabError",
]
