"""Pages: one user's browser tab, on the wire or in a real browser."""

from harness.pages.page import Page
from harness.pages.tab import DidNotLoad, Notification, Tab, TabError

__all__ = ["DidNotLoad", "Notification", "Page", "Tab", "TabError"]
