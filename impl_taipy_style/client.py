"""One client: its values of the program's variables, and the messages sent to its pages.

A client is one browser, whatever number of tabs it has open. It keeps its values for as long as the
program lets it (``Clients``), with or without an open tab.
"""

from __future__ import annotations

import copy
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A page that loses its connection comes back within seconds: a browser waits 3 s before it tries
# again. A page that was away for longer gets the current values, and no older notification.
REPLAY_SECONDS = 60
REPLAY_CHARACTERS = 4_000_000  # so that no client takes up the memory of all

# Of one client at once. A browser opens about six; those of closed tabs are noticed late.
MAX_PAGES = 20


class TooMany(RuntimeError):
    """A user has, or all of them have, as much of something as the program allows."""


@dataclass(frozen=True)
class Message:
    """A JSON text for the pages of one client, and the notification in it, if it has one."""

    number: int  # one more than that of the message before it
    sent: float  # monotonic seconds
    text: str
    notification: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Snapshot:
    """What a page shows when it opens."""

    number: int  # of the newest message at this moment
    values: Mapping[str, Any]  # by variable
    notifications: Sequence[Mapping[str, str]]  # those that no page of this client has seen


class Client:
    """The values and messages of one client; every method may be called from any thread.

    ``module`` holds the program's variables and functions; ``shown`` names those on the page;
    at most ``max_jobs`` jobs run at once.
    """

    def __init__(self, module: Mapping[str, Any], shown: Collection[str], max_jobs: int) -> None:
        self.module = module
        self._max_jobs = max_jobs
        self._jobs = 0  # that run
        self._shown = shown
        self._values: dict[str, Any] = {}
        self._messages: deque[Message] = deque()
        self._characters = 0  # in all these messages
        # Numbers start at the present microsecond, so that a page which is still open from before
        # a restart of the server has a number below all of these, and receives all values anew.
        self._number = time.time_ns() // 1000
        self._seen = self._number  # by at least one page of this client
        self._changed = threading.Condition()
        self._pages = 0
        self._left = time.monotonic()

    def page_opened(self) -> None:
        """A page of this client listens to its messages. Raises TooMany if enough do."""
        with self._changed:
            if self._pages >= MAX_PAGES:
                raise TooMany(f"this user has {MAX_PAGES} pages open, and no more may be")
            self._pages += 1

    def page_closed(self) -> None:
        """A page of this client has left."""
        with self._changed:
            self._pages -= 1
            self._left = time.monotonic()

    def gone_for(self) -> float:
        """Seconds since the last page of this client left; 0 while one is open."""
        with self._changed:
            return 0 if self._pages else time.monotonic() - self._left

    def job_begins(self) -> None:
        """Count a job. Raises TooMany if as many run as may."""
        with self._changed:
            if self._jobs >= self._max_jobs:
                raise TooMany(
                    f"this user has {self._max_jobs} jobs running, and no more may at once; "
                    "run(max_jobs=...) sets another limit"
                )
            self._jobs += 1

    def job_ends(self) -> None:
        """Count it no more."""
        with self._changed:
            self._jobs -= 1

    def read(self, name: str) -> Any:
        """This client's value of a variable; at first the program's, which is copied if it can be
        changed in place. Raises AttributeError for a name that the program does not have.
        """
        self._check(name)
        with self._changed:
            if name not in self._values:
                value = self.module[name]
                own = isinstance(value, (dict, list, set))
                self._values[name] = copy.deepcopy(value) if own else value
            return self._values[name]

    def assign(self, name: str, value: Any) -> None:
        """Keep ``value`` for this client, and send it if the page shows the variable.

        Raises AttributeError for a name that the program does not have, and TypeError for a value
        on the page that JSON cannot carry; then nothing is changed.
        """
        self._check(name)
        text = encode(name, {"set": {name: value}}) if name in self._shown else None
        with self._changed:
            self._values[name] = value
            if text is not None:
                self._send(text)

    def notify(self, notification: Mapping[str, str]) -> None:
        """Send a notification."""
        with self._changed:
            self._send(json.dumps({"notify": notification}), notification)

    def snapshot(self) -> Snapshot:
        """The present values, and the notifications that were sent while no page was open."""
        with self._changed:
            values = {name: self.read(name) for name in self._shown}
            unseen = [m.notification for m in self._messages if m.number > self._seen]
            return Snapshot(self._number, values, [n for n in unseen if n is not None])

    @property
    def number(self) -> int:
        """The number of the newest message."""
        with self._changed:
            return self._number

    def wait_after(self, number: int, timeout: float) -> list[Message]:
        """The messages after ``number``, as soon as there is one; none after ``timeout`` seconds.

        ``number`` is the newest one that a page has seen. If those after it are not all kept, the
        notifications among those that are, and then the present values, stand for them.
        """
        with self._changed:
            self._seen = max(self._seen, min(number, self._number))
            self._changed.wait_for(lambda: self._number != number, timeout)
            kept_from = self._number - len(self._messages)
            if kept_from <= number <= self._number:
                return list(itertools.islice(self._messages, number - kept_from, None))
            values = json.dumps({"set": self.snapshot().values})
            notifications = [m for m in self._messages if m.notification is not None]
            return [*notifications, Message(self._number, time.monotonic(), values)]

    def _check(self, name: str) -> None:
        if name.startswith("_") or name not in self.module:
            raise AttributeError(
                f"state.{name}: the program has no variable {name!r}; "
                f"give it a first value at module level, such as {name} = None"
            )

    def _send(self, text: str, notification: Mapping[str, str] | None = None) -> None:
        now = time.monotonic()
        self._number += 1
        self._messages.append(Message(self._number, now, text, notification))
        self._characters += len(text)
        while self._messages and (
            self._messages[0].sent < now - REPLAY_SECONDS or self._characters > REPLAY_CHARACTERS
        ):
            self._characters -= len(self._messages.popleft().text)
        self._changed.notify_all()


def encode(name: str, message: Mapping[str, Any]) -> str:
    """The JSON text of a message about variable ``name``. Raises TypeError if it has none."""
    try:
        return json.dumps(message, allow_nan=False)  # A browser cannot read NaN.
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(
            f"state.{name}: the page shows this variable, so its value must be one that JSON can "
            f"carry (text, number, True, False, None, list, dict): {error}"
        ) from error
