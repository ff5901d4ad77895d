"""A tab to which its server pushes: what its user does, whatever the protocol."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias, cast

from callback_conformance.adapters.taipy.screen import Element, Screen
from callback_conformance.adapters.taipy.traffic import Traffic
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page.stranger import (
    Exchange,
    OverheardTab,
    RawAnswer,
    RawRequest,
    Rename,
)
from callback_conformance.page.tab import (
    REQUEST_SECONDS,
    MissingComponent,
    Notification,
    Tab,
    TabError,
)

PUSH_SECONDS = 0.05  # how long `advance` waits for a message before its caller looks at the clock
PATIENCE_SECONDS = (
    1.0  # a user goes on after a click, answered or not; a prompt answer takes 0.05 s
)


class Connection(Protocol):
    """A page's connection, in a framework's own protocol; what arrives goes to its Screen.

    What is sent under a ``key`` is answered on the screen when the server's answer, and all that it had
    sent before, has arrived. Methods that send do not wait for it.
    """

    client: Any  # what the browser keeps of its user

    def open(self) -> None:
        """Load the page. Raises OSError when the server does not answer."""

    def act(self, button: Element, key: str) -> None:
        """Send a click."""

    def change(self, field: Element, value: object, key: str) -> None:
        """Send what was typed."""

    def round_trip(self, key: str) -> None:
        """Request nothing but the answer."""

    def load_unconnected(self, named: str = "") -> None:
        """Request the page as a new user whose connection for what is pushed does not open, or as the user
        whom this handle names."""

    def close(self) -> None:
        """Leave, as closing the tab does."""


class OverheardConnection(Connection, Protocol):
    """A connection on the wire, which shows what goes over it."""

    traffic: Traffic

    @property
    def handle(self) -> str:
        """By which the server knows its user."""

    def send(self, request: RawRequest) -> RawAnswer:
        """Send a request as it is, on a connection of its own."""


Connect: TypeAlias = Callable[[str, Screen, Any], Connection]


class PushTab:
    """One tab. ``connect`` makes its connection from a URL, a screen, and what the browser keeps of its user
    (empty for a new one): a client id, or the browser's window."""

    def __init__(
        self,
        connect: Connect,
        url: str,
        timeline: Timeline,
        controller: JobController,
        name: str,
        earlier: Tab | None,
    ) -> None:
        self._name = name
        self._controller = controller
        self._screen = Screen(name, timeline)
        client = earlier.client if isinstance(earlier, PushTab) else ""
        self._connection: Connection = connect(url, self._screen, client)
        self._closed = False
        try:
            self._connection.open()
        except BaseException:
            self.close()
            raise
        self._screen.mark_opened(url)

    @property
    def client(self) -> Any:
        """What the browser keeps of the user, for the page that it loads next."""
        return self._connection.client

    @property
    def errors(self) -> Sequence[TabError]:
        return self._screen.errors

    @property
    def notifications(self) -> Sequence[Notification]:
        return self._screen.notifications

    def get(self, prop: str) -> Any:
        return self._screen.values.get(prop)

    def click(self, component: str) -> None:
        """Click, and wait for the answer as long as a user does: an action that never returns must not
        keep the test from looking at the job that it started."""
        button = self._element(component)
        if button.disabled:
            self._screen.record_act(component, "clicks, and it is disabled")
            return
        self._screen.record_act(component, "clicks")
        key = _key("act")
        self._connection.act(button, key)
        self._screen.wait_for_answer(key, PATIENCE_SECONDS)

    def set(self, prop: str, value: object) -> None:
        self._screen.record_act(prop, value)
        self._screen.set_value(prop, value, "user")
        key = _key("act")
        self._connection.change(self._element(prop.partition(".")[0]), value, key)
        if not self._screen.wait_for_answer(key, REQUEST_SECONDS):
            self._screen.add_error(0, f"what was typed into {prop} was not taken")

    def advance(self) -> bool:
        if not self._closed:
            self._screen.wait_for_news(PUSH_SECONDS)
        return not (self._closed or self._screen.lost)

    def fence(self) -> None:
        with self._controller.still():
            key = _key("fence")
            self._connection.round_trip(key)
            if not self._screen.wait_for_answer(key, REQUEST_SECONDS):
                raise Violation(f"the server gave {self._name} no answer")

    def poll(self) -> None:
        self.fence()

    def load_unconnected(self, named: str = "") -> None:
        self._connection.load_unconnected(named)

    @property
    def exchanges(self) -> Sequence[Exchange]:
        return self._overheard.traffic.exchanges

    @property
    def handles(self) -> Sequence[str]:
        return [self._overheard.handle]

    def take_runs_of(self, overheard: OverheardTab, rename: Rename) -> None:
        [handle] = overheard.handles
        self._overheard.traffic.named = rename(handle)

    def rewrite(self, change: Callable[[RawRequest], RawRequest]) -> None:
        self._overheard.traffic.rewrite = change

    def send(self, request: RawRequest) -> RawAnswer:
        return self._overheard.send(request)

    @property
    def _overheard(self) -> OverheardConnection:
        """The connection. One in a browser cannot be overheard."""
        assert hasattr(self._connection, "traffic"), "the test is for pages on the wire"
        return cast(OverheardConnection, self._connection)

    def close(self) -> None:
        self._closed = True
        self._connection.close()

    def _element(self, id: str) -> Element:
        if id not in self._screen.elements:
            ids = ", ".join(self._screen.elements)
            raise MissingComponent(f"{self._name} has no element {id!r}; it has {ids}")
        return self._screen.elements[id]


def _key(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(8)}"  # unique: some servers send an answer to every page
