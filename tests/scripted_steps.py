"""What may happen in a scene, step by step."""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Notification, TabError
from tests.scripted_page import Scene, Step


def lacks(component: str) -> Step:
    """The page is rendered without a component of its program."""
    return lambda scene: scene.tab.lacking.add(component)


def shows(value: Any, prop: str = "out.children", page: str = "page-1") -> Step:
    """The page shows a value."""

    def step(scene: Scene) -> None:
        if page == "page-1":
            scene.tab.values[prop] = value
        scene.timeline.add(page, "shows", prop=prop, value=value, source="response")

    return step


def hears(status: int, body: Any = None) -> Step:
    """The page gets an answer."""
    return lambda scene: scene.timeline.add("page-1", "hears", status=status, body=body)


def loses(why: str) -> Step:
    """A request of the page is lost."""
    return lambda scene: scene.timeline.add("page-1", "loses", why=why)


def notifies(kind: str, message: str) -> Step:
    """The page shows a notification."""
    return lambda scene: scene.tab.notifications.append(Notification(kind, message))


def fails(status: int, text: str) -> Step:
    """The page meets an error."""
    return lambda scene: scene.tab.errors.append(TabError(status, text))


def starts(is_late: bool = False, **arguments: Any) -> Step:
    """A job starts, and reports it; what is late is heard after a moment."""

    def step(scene: Scene) -> None:
        probe = scene.connect()
        if is_late:
            probe.send("emit", event="dawdles", facts={})
        probe.send("started", job="job", arguments=arguments, process=False)

    return step


def follows(*steps: Step) -> Step:
    """What arrives later from now on."""
    return lambda scene: scene.later.extend(steps)


def reports(verb: str, **facts: Any) -> Step:
    """The job or server that connected last reports something."""
    return lambda scene: scene.probes[-1].send(verb, **facts)


def heard(scene: Scene) -> None:
    """What was reported is heard at once."""
    scene.controller.catch_up()


def reaches(gate: str) -> Step:
    """It waits at a gate."""
    return reports("gate", gate=gate)


def emits(event: str, **facts: Any) -> Step:
    """It emits an event."""
    return reports("emit", event=event, facts=facts)


def writes(store: str) -> Step:
    """It writes into a store."""
    return reports("hit", point=f"{store} write")


def ends() -> Step:
    """It is over."""
    return reports("finished")


def dies(scene: Scene) -> None:
    """Its thread ends."""
    scene.probes[-1].close()


def has_child(scene: Scene) -> None:
    """It has a child process that lives."""
    scene.job.children_alive = 1


def hits(point: str) -> Step:
    """A server hits a point."""
    return lambda scene: scene.connect().send("hit", point=point)


def taken(scene: Scene) -> None:
    """The test takes the job that started last."""
    scene.page.next_job()


def clicked(scene: Scene) -> None:
    """The user clicks."""
    scene.page.click("run")
