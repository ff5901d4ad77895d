"""A page and its jobs as a script has them: what arrives, and when. No process runs."""

from __future__ import annotations

import json
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

from callback_conformance.control.controller import JobController
from callback_conformance.control.job import JobRun
from callback_conformance.control.timeline import Event, Timeline
from callback_conformance.page import Notification, Page, TabError
from callback_conformance.page.tab import MissingComponent

DAWDLE_SECONDS = 0.02

#: What happens next.
Step = Callable[["Scene"], object]


class DawdlingTimeline(Timeline):
    """Whoever adds the event ``dawdles`` is busy for a moment, so that what they were sent meanwhile waits."""

    def add(self, source: str, what: str, at: float | None = None, /, **facts: Any) -> Event:
        if what == "dawdles":
            time.sleep(DAWDLE_SECONDS)
        return super().add(source, what, at, **facts)


class ScriptedProbe:
    """The connection of a server, or of a job that has no process of its own."""

    def __init__(self, controller: JobController) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(controller.path)

    def send(self, verb: str, **facts: Any) -> None:
        """Report something; whether it was heard is another matter."""
        message = {"verb": verb, "at": time.monotonic(), "pid": 7, "thread": 1, **facts}
        self._connection.sendall(json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        """The thread of the job has ended."""
        self._connection.close()


class ScriptedTab:
    """A tab that shows what the script of its scene lets arrive."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.values: dict[str, Any] = {}
        #: The components of its program that it does not have.
        self.lacking: set[str] = set()
        self.errors: list[TabError] = []
        self.notifications: list[Notification] = []

    def click(self, component: str) -> None:
        self._acts(f"{component}.n_clicks", 1)

    def set(self, prop: str, value: Any) -> None:
        self._acts(prop, value)
        self.values[prop] = value

    def get(self, prop: str) -> Any:
        return self.values.get(prop)

    def advance(self) -> bool:
        scene = self._scene
        for queue in (scene.sent, scene.later):
            if queue:
                queue.popleft()(scene)
                return True
        return scene.is_endless

    def fence(self) -> None:
        while self._scene.sent:
            self._scene.sent.popleft()(self._scene)

    def poll(self) -> None:
        self.fence()

    def close(self) -> None:
        """It keeps nothing open."""

    def _acts(self, prop: str, value: Any) -> None:
        component = prop.partition(".")[0]
        if component in self.lacking:
            raise MissingComponent(f"page-1 has no {component}")
        self._scene.timeline.add("page-1", "acts", prop=prop, value=value)
        for step in self._scene.answers.get(prop, ()):
            step(self._scene)


class Scene:
    """A page, its jobs, and what arrives: ``before`` the assertion begins, at once when the user changes a property
    (``answers``), with the next fence (``sent``), and after that, one step each time the page goes on (``later``)."""

    def __init__(
        self,
        before: Sequence[Step] = (),
        sent: Sequence[Step] = (),
        later: Sequence[Step] = (),
        answers: Mapping[str, Sequence[Step]] = MappingProxyType({}),
        is_endless: bool = False,
        processes: Sequence[set[int]] = (),
    ) -> None:
        self._closing = ExitStack()
        self.timeline = DawdlingTimeline()
        self.controller = JobController(self.timeline)
        self._closing.callback(self.controller.close)
        self.sent, self.later = deque(sent), deque(later)
        self.answers: Mapping[str, Sequence[Step]] = {}
        #: Whether the page waits for something for ever.
        self.is_endless = is_endless
        self.tab = ScriptedTab(self)
        looks = deque(processes)
        host = SimpleNamespace(
            folder=Path(),
            processes=lambda: looks.popleft() if len(looks) > 1 else set(*looks),
            has=lambda component: True,
        )
        self.page = Page(self.tab, self.timeline, self.controller, host, "page-1", "")  # type: ignore[arg-type]
        #: The connections of its servers and jobs.
        self.probes: list[ScriptedProbe] = []
        for step in before:
            step(self)
        self.controller.catch_up()
        self.answers = answers

    @property
    def job(self) -> JobRun:
        """The job that has started first, as the test sees it."""
        return self.controller.jobs[0]

    def connect(self) -> ScriptedProbe:
        """A server or a job connects."""
        self.probes.append(ScriptedProbe(self.controller))
        self._closing.callback(self.probes[-1].close)
        return self.probes[-1]

    def close(self) -> None:
        """Leave nothing open."""
        self._closing.close()


@dataclass(frozen=True)
class Try:
    """A script on which an assertion is tried, and the message with which it fails; "" where it holds. A message
    that ends in … goes on."""

    title: str
    message: str
    script: Mapping[str, Any]


@dataclass(frozen=True)
class Assertion:
    """An assertion by its name, and one use of it."""

    name: str
    use: Callable[[Scene], object]
    tries: Sequence[Try]


def violated(title: str, message: str, **script: Any) -> Try:
    """The assertion fails with this message; ``script`` holds the parts of a Scene."""
    return Try(title, message, script)


def held(title: str, **script: Any) -> Try:
    """The assertion holds."""
    return Try(title, "", script)
