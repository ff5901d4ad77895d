"""A whole scenario, checked when it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from callback_conformance.scenario.actions import Action
from callback_conformance.scenario.caching import CachedBy
from callback_conformance.scenario.callbacks import Background, Callback, leaves
from callback_conformance.scenario.components import Component
from callback_conformance.scenario.families import member


class BadScenario(ValueError):
    """A scenario that contradicts itself; the message names the part."""


@dataclass(frozen=True)
class Manager:
    """A manager with a store of its own. ``told`` makes the store tell the probe of each read and
    write, so that a test can see who uses it and hold a read; ``cache=False`` gives it none, so that it
    makes its own; ``can_fill`` makes it one whose disk is full as long as a file ``full`` stands in the app's
    folder; ``keeps_results=False`` gives it a queue and nothing that keeps results, by mistake. ``cache_by`` is what its results are cached by: functions, or a word; and an entry lives
    ``expire_seconds`` after its last use. Where a mistake is the subject, ``given`` stands in the place of the
    cache, and ``options`` are further arguments, as they stand."""

    name: str
    told: bool = False
    cache: bool = True
    can_fill: bool = False
    keeps_results: bool = True
    cache_by: CachedBy = None
    expire_seconds: int | None = None
    given: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gunicorn:
    """A production server: ``workers`` processes that answer one request each at a time, and are killed
    when one takes longer than ``request_seconds``."""

    workers: int = 2
    request_seconds: int = 30


@dataclass(frozen=True)
class Workers:
    """What takes jobs from a queue, for each manager: so many ``processes`` that a user starts, each with room
    for so many jobs at once. ``typed``: they are started by the very words that a user types. Where an
    implementation has no queue, it says nothing."""

    processes: int = 1
    concurrency: int = 4
    typed: bool = False


DEFAULT_WORKERS = Workers()  # room for as many jobs as any test has at once


@dataclass(frozen=True)
class Scenario:
    """Components, callbacks and managers; ``manager`` names the one given to the app's constructor
    (empty: none); ``server`` is what serves it: the framework's own (None), or a production server;
    ``forget_after_seconds`` lets the app drop what it keeps for a user who left so long ago; ``files``
    are the text files in the app's folder, by name. ``validation_layout`` gives the app one, with the
    components that callbacks generate; ``suppress_callback_exceptions`` is an option of the app. ``lacks``
    is the plugin without which the app is made, by mistake. ``workers`` take its jobs from a queue."""

    components: tuple[Component, ...]
    callbacks: tuple[Callback, ...]
    managers: tuple[Manager, ...] = (Manager("manager"),)
    manager: str = "manager"
    server: Gunicorn | None = None
    forget_after_seconds: int | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    validation_layout: bool = False
    suppress_callback_exceptions: bool = False
    lacks: str = ""
    workers: Workers = DEFAULT_WORKERS

    @property
    def generated(self) -> tuple[Component, ...]:
        """The components that callbacks generate."""
        steps = [step for callback in self.callbacks for step in callback.job.steps]
        return tuple(one for step in steps if step.verb == "generate" for one in step.value)


def scenario(
    *parts: Component | Callback,
    managers: tuple[Manager, ...] = (Manager("manager"),),
    manager: str | None = None,
    server: Gunicorn | None = None,
    forget_after_seconds: int | None = None,
    files: Mapping[str, str] = MappingProxyType({}),
    validation_layout: bool = False,
    suppress_callback_exceptions: bool = False,
    lacks: str = "",
    workers: Workers = DEFAULT_WORKERS,
) -> Scenario:
    """A scenario of these parts; the first manager is the constructor's unless ``manager`` says else."""
    components = tuple(part for part in parts if isinstance(part, Component))
    callbacks = tuple(part for part in parts if not isinstance(part, Component))
    default = managers[0].name if manager is None and managers else manager or ""
    made = Scenario(
        components,
        callbacks,
        managers,
        default,
        server,
        forget_after_seconds,
        MappingProxyType(dict(files)),
        validation_layout,
        suppress_callback_exceptions,
        lacks,
        workers,
    )
    _check(made)
    return made


def _check(made: Scenario) -> None:
    ids = Counter(component.id for component in (*made.components, *made.generated))
    families = {found.family for found in map(member, ids) if found}
    for id, count in ids.items():
        if count > 1:
            raise BadScenario(f"{count} components are called {id!r}; each id is used once")
    names = Counter(callback.name for callback in made.callbacks)
    for name, count in names.items():
        if count > 1:
            raise BadScenario(f"{count} callbacks are called {name!r}; give each a name of its own")
    managers = {manager.name for manager in made.managers} | {""}
    for callback in made.callbacks:
        for prop in properties(callback):
            component = prop.partition(".")[0]
            found = member(component)
            if component not in ids and not (found and found.wildcard and found.family in families):
                raise BadScenario(
                    f"{callback.name} names {prop!r}, and no component is called "
                    f"{component!r}; there are {', '.join(sorted(ids))}"
                )
        if isinstance(callback, Background) and callback.manager not in managers:
            raise BadScenario(f"{callback.name} names the unknown manager {callback.manager!r}")


def properties(callback: Callback) -> list[str]:
    """Every property that a callback names."""
    if isinstance(callback, Action):
        steps = [*callback.first, *callback.then]
        steps += callback.status.steps if callback.status else ()
        assigned = [step.target for _, step in steps if step.verb == "assign"]
        others = [prop for one in callback.also for prop in properties(one)]
        return [callback.trigger, *callback.arguments, *leaves(assigned), *others]
    groupings = [callback.output, callback.inputs, callback.state]
    if isinstance(callback, Background):
        groupings += [callback.cancel, callback.progress, [entry[0] for entry in callback.running]]
        groupings += callback.twins
    groupings += [step.target for step in callback.job.steps if step.verb == "set_props"]
    return [prop for grouping in groupings for prop in leaves(grouping)]
