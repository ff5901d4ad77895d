"""Pages: one user's browser tab, on the wire or in a real browser."""

from harness.pages.page import Page
from harness.pages.tab import Notification, Tab, TabError

__all__ = ["Notification", "Page", "Tab", "TabError"]
