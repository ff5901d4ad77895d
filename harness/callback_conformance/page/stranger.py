"""Someone who has overheard a page: what they know, and what they can send to its app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from callback_conformance.control.violation import Violation
from callback_conformance.page.tab import Tab

if TYPE_CHECKING:
    from callback_conformance.page.page import Page

#: What a handle becomes when a stranger uses it: itself, or another text in its place.
Rename = Callable[[str], str]


@dataclass(frozen=True)
class RawRequest:
    """A request as it goes over the wire: a test may replace any part of it."""

    path: str
    #: After the question mark, encoded.
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


#: What a request becomes on its way.
Rewrite = Callable[[RawRequest], RawRequest]


@dataclass(frozen=True)
class RawAnswer:
    """What the server gave back, with status 0 if it gave nothing; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Exchange:
    """A request and its answer."""

    request: RawRequest
    answer: RawAnswer


@runtime_checkable
class OverheardTab(Tab, Protocol):
    """A tab whose requests can be overheard, and that can act on what it has overheard of another."""

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Each request that was answered, in order."""

    @property
    def handles(self) -> Sequence[str]:
        """By which its requests name its runs."""

    def take_runs_of(self, overheard: OverheardTab, rename: Rename) -> None:
        """Take the other tab's runs for its own: its requests name them by the other's handles, each ``rename``d."""

    def rewrite(self, change: Rewrite) -> None:
        """Send each request for a callback from now on as ``change`` makes it."""

    def send(self, request: RawRequest) -> RawAnswer:
        """Send a request as it is, with the cookies of its own browser."""


class Stranger:
    """Another user of the app who has overheard a page.

    ``page`` is their own page, loaded by themselves. It takes the runs of the other page for its own: a click on its
    cancel button, a trigger, a poll send what they would send there, with the handles of that page, but with the
    cookies and ids of their own.
    """

    def __init__(self, page: Page, own: OverheardTab, overheard: OverheardTab) -> None:
        self.page = page
        self._own = own
        self._overheard = overheard

    def take_runs(self, rename: Rename = str) -> None:
        """Name the runs of the overheard page from now on by its handles, each ``rename``d."""
        self._own.take_runs_of(self._overheard, rename)

    def rewrite(self, change: Rewrite) -> None:
        """Let each request of their page for a callback be sent from now on as ``change`` makes it."""
        self._own.rewrite(change)

    @property
    def handles(self) -> Sequence[str]:
        """The handles that the overheard page was given."""
        return self._overheard.handles

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What the overheard page has sent, and what it was answered."""
        return self._overheard.exchanges

    @property
    def answers(self) -> Sequence[RawAnswer]:
        """What the stranger was answered so far."""
        return [exchange.answer for exchange in self.own_exchanges]

    @property
    def own_exchanges(self) -> Sequence[Exchange]:
        """What the stranger has sent, and what they were answered."""
        return self._own.exchanges

    def send(self, request: RawRequest) -> RawAnswer:
        """Send a request as it is, with the cookies of their own browser."""
        return self._own.send(request)

    def expect_nothing_of(self, page: Page) -> None:
        """No answer to the stranger holds the word of that page's user."""
        for exchange in self.own_exchanges:
            if page.user in exchange.answer.text:
                request = exchange.request
                raise Violation(
                    f"{self.page.name} was sent what belongs to {page.name}: {request.method} {request.path} was "
                    f"answered with {exchange.answer.text!r}"
                )
