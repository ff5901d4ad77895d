"""What goes over the connection of a page to which its server pushes, as someone overhears it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from callback_conformance.page.stranger import Exchange, RawAnswer, RawRequest

#: The methods of what is no HTTP request: a message that the page sends, and one that it is sent.
SENT, PUSHED = "SENT", "PUSHED"


@dataclass
class Traffic:
    """What a page has sent and received. A stranger's page sends otherwise than its script would."""

    exchanges: list[Exchange] = field(default_factory=list)
    #: The handle by which its messages name a user who is not its own; "" for its own.
    named: str = ""
    #: What becomes of each act of its user on the way.
    rewrite: Callable[[RawRequest], RawRequest] = lambda request: request

    def keep(
        self, request: RawRequest, status: int, text: str, headers: Mapping[str, str] | None = None
    ) -> RawAnswer:
        """Keep a request and its answer, which is returned."""
        lower = {name.lower(): header for name, header in (headers or {}).items()}
        self.exchanges.append(Exchange(request, RawAnswer(status, lower, text)))
        return self.exchanges[-1].answer

    def keep_pushed(self, path: str, text: str) -> None:
        """Keep what the page was sent without a request of its own."""
        self.keep(RawRequest(path, method=PUSHED), 0, text)
