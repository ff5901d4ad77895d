"""What a page shows when its server pushes to it: written by a connection, read by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from callback_conformance.control.timeline import Timeline
from callback_conformance.page.tab import Notification, TabError


@dataclass(frozen=True)
class Element:
    """An element with an id: ``prop`` shows ``variable``; a button calls ``action``, unless it is disabled."""

    id: str
    prop: str = ""
    variable: str = ""
    action: str = ""
    disabled: bool = False


def text_element(id: str, variable: str) -> Element:
    """A text; its id may name the property that it stands for, as in ``kept-data``."""
    component, _, prop = id.partition("-")
    return Element(component, prop or "children", variable)


def dom_id(element: Element) -> str:
    """The id of an element as it stands in the page."""
    return f"{element.id}-{element.prop}" if element.prop == "data" else element.id


class Screen:
    """One tab's screen. A connection writes in its own threads: first what is seen, then the event that
    wakes whoever waits for it."""

    def __init__(self, name: str, timeline: Timeline) -> None:
        self.values: dict[str, object] = {}
        self.notifications: list[Notification] = []
        self.errors: list[TabError] = []
        self.elements: dict[str, Element] = {}
        self.lost = False
        self.timeline = timeline
        #: How to wait until a fact or for so many seconds: a browser's messages come only when asked for.
        self.wait: Callable[[Callable[[], bool], float], bool] = timeline.wait_for
        #: When what is being written was seen (monotonic seconds); None stands for now.
        self.at: float | None = None
        self._name = name
        self._answered: set[str] = set()
        self._read = 0
        self._opened = False

    def set_elements(self, elements: Iterable[Element]) -> None:
        """Show these elements. Values that are set before the page opens are its first ones, and no events."""
        self.elements = {element.id: element for element in elements}

    def mark_opened(self, url: str) -> None:
        """The page is there for its user to see."""
        self._opened = True
        self._saw("opens", url=url)

    def record_act(self, prop: str, value: object) -> None:
        """The user does something."""
        self._saw("acts", prop=prop, value=value)

    def set_variable(self, variable: str, value: object) -> None:
        """The server has set a variable."""
        for element in self.elements.values():
            if element.variable == variable:
                self.set_value(f"{element.id}.{element.prop}", value, "server")

    def set_value(self, prop: str, value: object, source: str) -> None:
        """Give a property its value; a field that already holds it does not change."""
        if prop.endswith(".value") and prop in self.values and self.values[prop] == value:
            return
        self.values[prop] = value
        if self._opened:
            self._saw("shows", prop=prop, value=value, source=source)

    def add_notification(self, kind: str, message: str) -> None:
        """The server has sent a notification."""
        self.notifications.append(Notification(kind, message))
        self._saw("notifies", kind=kind, message=message)

    def mark_answered(self, key: str) -> None:
        """What was sent under ``key`` is answered, and all that was sent before the answer is here."""
        self._answered.add(key)
        self._saw("answered" if key.startswith("act") else "fenced")

    def add_error(self, status: int, text: str) -> None:
        """Something went wrong: an HTTP status (0 for a lost connection) and a text."""
        self.errors.append(TabError(status, text))
        self._saw("fails", status=status, text=text)

    def mark_lost(self, why: str) -> None:
        """The connection is gone, and nothing can arrive any more."""
        self.lost = True
        self.add_error(0, why)

    def wait_for_answer(self, key: str, seconds: float) -> bool:
        """Wait until what was sent under ``key`` is answered; False when it was not."""
        self.wait(lambda: key in self._answered or self.lost, seconds)
        return key in self._answered

    def wait_for_news(self, seconds: float) -> None:
        """Wait until anything has happened since the last call, on this page or elsewhere."""
        self.wait(lambda: self._read != len(tuple(self.timeline)), seconds)
        self._read = len(tuple(self.timeline))

    def _saw(self, what: str, **facts: Any) -> None:
        self.timeline.add(self._name, what, self.at, **facts)


def tags(markup: str) -> list[tuple[str, Mapping[str, str]]]:
    """The opening tags in a page's markup and their attributes, all names in lower case."""
    reader = _TagReader()
    reader.feed(markup)
    reader.close()
    return reader.found


class _TagReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Mapping[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
