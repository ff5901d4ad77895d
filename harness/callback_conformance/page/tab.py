"""What every kind of page can do: the interface that a protocol or a browser implements."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from callback_conformance.control.violation import Violation

REQUEST_SECONDS = 10.0  # no request of a page takes long; more means that the server hangs


class DidNotLoad(Violation):
    """The server gave no page, or one that its browser cannot build; the message holds its words."""


class MissingComponent(LookupError):
    """A user would act on a component, and the page has none of its name."""


@contextlib.contextmanager
def reading(source: str) -> Iterator[None]:
    """Read what a server sent, as its page's script does. Raises DidNotLoad where a script would break."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"it lacks {error}" if isinstance(error, LookupError) else str(error)
        raise DidNotLoad(f"{source} is not what a page of the framework reads: {reason}") from error


@dataclass(frozen=True)
class Notification:
    """A notification that the user sees: its kind (``success``, ``info``, ``error``) and text."""

    kind: str
    message: str


@dataclass(frozen=True)
class TabError:
    """What went wrong on a page: the HTTP status (0 for a lost connection) and the server's words."""

    status: int
    text: str


class Tab(Protocol):
    """One open page. Properties are written ``component.property``."""

    @property
    def errors(self) -> Sequence[TabError]:
        """The errors that the page has met."""

    @property
    def notifications(self) -> Sequence[Notification]:
        """The notifications that it has shown, in order."""

    def click(self, component: str) -> None:
        """Click a button, as a user can: a disabled one does not react."""

    def set(self, prop: str, value: Any) -> None:
        """Type ``value`` into a field."""

    def get(self, prop: str) -> Any:
        """The property's value now; None when it was never set."""

    def advance(self) -> bool:
        """Let something happen: a round of polls, or a message of the server. False when the page
        waits for nothing, so that nothing can change any more by itself."""

    def fence(self) -> None:
        """A round trip: when it returns, all that the server had sent is in the timeline."""

    def poll(self) -> None:
        """Poll once for each job that the page waits for (pages that poll, by hand)."""

    def close(self) -> None:
        """Leave the page, as closing its tab does."""


@runtime_checkable
class PushedTab(Tab, Protocol):
    """A page to which its server pushes."""

    def load_unconnected(self, named: str = "") -> None:
        """A new user's browser loads the page, and its connection for what is pushed does not open; or that of
        the user whom this handle names."""


@runtime_checkable
class PollingTab(Tab, Protocol):
    """A page that polls; a test may delay or lose its requests."""

    def poll_at_once(self) -> None:
        """Poll although a job may be moving."""

    def hold_answers(self) -> None:
        """From now on answers arrive only with ``deliver_answers``."""

    def deliver_answers(self) -> None:
        """Let the answers that were held arrive, in the order of their requests."""

    def delay_answers(self) -> None:
        """From now on each answer takes longer than the interval: it arrives after the page has polled once
        more, if it polls before it has an answer."""

    def be_patient(self, seconds: float) -> None:
        """From now on wait so long for an answer before it counts as lost."""

    def poll_by_itself(self, seconds: float) -> None:
        """Let the page poll for so long as often as it does by itself."""

    def lose_next_poll(self) -> None:
        """Cut the connection of the next poll before its answer arrives."""

    def refuse_next_poll(self) -> None:
        """Answer the next poll with 502, as something between the page and the server may."""

    def server_goes_away(self) -> None:
        """From now on each request fails, as if nobody listened."""

    def server_comes_back(self, url: str) -> None:
        """The server listens again, at this address."""
