"""A whole scenario, checked when it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from callback_conformance.scenario.actions import Action
from callback_conformance.scenario.caching import CachedBy
from callback_conformance.scenario.callbacks import Background, Callback, Grouping, leaves
from callback_conformance.scenario.components import Component
from callback_conformance.scenario.steps import Assign, Generate, SetProps
from callback_conformance.scenario.wildcards import indexed_component


class BadScenario(ValueError):
    """A scenario that contradicts itself; the message names the part."""


@dataclass(frozen=True)
class Manager:
    """A manager with a store of its own."""

    name: str
    #: Whether the store reports each read and write to the probe, so that a test can see who uses it and
    #: hold a read.
    instrumented: bool = False
    #: False: the program names no store, so that the manager makes its own.
    cache: bool = True
    #: Whether the disk of the store is full as long as a file ``full`` stands in the app's folder.
    can_fill: bool = False
    #: Whether the store drops entries beyond a small limit.
    limited: bool = False
    #: Whether others may open the files that the program makes, unless it says otherwise: a umask of 0.
    open_files: bool = False
    #: False: it has a queue and nothing that keeps results, by mistake.
    keeps_results: bool = True
    #: Whether it is the implementation's own on diskcache, whatever the backend is.
    embedded: bool = False
    #: What its results are cached by: functions, or a word.
    cache_by: CachedBy = None
    #: How long an entry lives after its last use.
    expire_seconds: int | None = None
    #: What stands in the place of the store where a mistake is the subject.
    instead_of_cache: object = None
    #: Further arguments, as they stand.
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Gunicorn:
    """A production server: ``workers`` processes that answer one request each at a time, and are killed
    when one takes longer than ``request_seconds``."""

    workers: int = 2
    request_seconds: int = 30


@dataclass(frozen=True)
class Workers:
    """What takes jobs from a queue, for each manager; it means nothing to an implementation without a queue."""

    #: How many processes a user starts.
    processes: int = 1
    #: How many jobs each has room for at once.
    concurrency: int = 4
    #: Whether they are started by the very words that a user types.
    typed: bool = False


DEFAULT_WORKERS = Workers()  # room for as many jobs as any test has at once


@dataclass(frozen=True)
class Scenario:
    """One app: what stands on its page, what is called, and how it is set up."""

    components: tuple[Component, ...]
    callbacks: tuple[Callback, ...]
    managers: tuple[Manager, ...] = (Manager("manager"),)
    #: The manager that the app's constructor names; empty: none.
    manager: str = "manager"
    #: A production server; None: the framework's own.
    server: Gunicorn | None = None
    #: After how long the app may drop what it keeps for a user who left.
    forget_after_seconds: int | None = None
    #: The text files in the app's folder, by name.
    files: Mapping[str, str] = field(default_factory=dict)
    #: Whether the app has a validation layout, with the components that callbacks generate.
    validation_layout: bool = False
    #: The app's option of this name.
    suppress_callback_exceptions: bool = False
    #: Whether its author runs it to find mistakes.
    debug: bool = False
    #: The plugin without which the app is made, by mistake.
    lacks: str = ""
    #: What takes its jobs from a queue.
    workers: Workers = DEFAULT_WORKERS

    @property
    def generated(self) -> tuple[Component, ...]:
        """The components that callbacks generate."""
        steps = [step for callback in self.callbacks for step in callback.job.steps]
        return tuple(
            component
            for step in steps
            if isinstance(step, Generate)
            for component in step.components
        )


def scenario(
    *parts: Component | Callback,
    managers: tuple[Manager, ...] = (Manager("manager"),),
    manager: str | None = None,
    server: Gunicorn | None = None,
    forget_after_seconds: int | None = None,
    files: Mapping[str, str] = MappingProxyType({}),
    validation_layout: bool = False,
    suppress_callback_exceptions: bool = False,
    debug: bool = False,
    lacks: str = "",
    workers: Workers = DEFAULT_WORKERS,
) -> Scenario:
    """A scenario of these parts; the first manager is the constructor's unless ``manager`` names another.

    Raises BadScenario.
    """
    components = tuple(part for part in parts if isinstance(part, Component))
    callbacks = tuple(part for part in parts if not isinstance(part, Component))
    default = managers[0].name if manager is None and managers else manager or ""
    checked = Scenario(
        components,
        callbacks,
        managers,
        default,
        server,
        forget_after_seconds,
        MappingProxyType(dict(files)),
        validation_layout,
        suppress_callback_exceptions,
        debug,
        lacks,
        workers,
    )
    _check(checked)
    return checked


def _check(scenario: Scenario) -> None:
    ids = Counter(component.id for component in (*scenario.components, *scenario.generated))
    for id, count in ids.items():
        if count > 1:
            raise BadScenario(f"{count} components are called {id!r}; each id is used once")
    names = Counter(callback.name for callback in scenario.callbacks)
    for name, count in names.items():
        if count > 1:
            raise BadScenario(f"{count} callbacks are called {name!r}; give each a name of its own")
    managers = {manager.name for manager in scenario.managers} | {""}
    for callback in scenario.callbacks:
        _check_components(callback, ids)
        if isinstance(callback, Background) and callback.manager not in managers:
            raise BadScenario(f"{callback.name} names the unknown manager {callback.manager!r}")


def _check_components(callback: Callback, ids: Mapping[str, int]) -> None:
    families = {indexed.family for indexed in map(indexed_component, ids) if indexed}
    for prop in properties(callback):
        component = prop.partition(".")[0]
        indexed = indexed_component(component)
        is_pattern = indexed and indexed.is_wildcard and indexed.family in families
        if component not in ids and not is_pattern:
            raise BadScenario(
                f"{callback.name} names {prop!r}, and no component is called "
                f"{component!r}; choose from {', '.join(sorted(ids))}"
            )


def properties(callback: Callback) -> list[str]:
    """Every property that a callback names."""
    if isinstance(callback, Action):
        return _properties_of_action(callback)
    groupings: list[Grouping] = [callback.output, callback.inputs, callback.state]
    if isinstance(callback, Background):
        groupings += [callback.cancel, callback.progress]
        groupings += [cast("Grouping", entry[0]) for entry in callback.running]
        groupings += callback.duplicates
    groupings += [step.prop for step in callback.job.steps if isinstance(step, SetProps)]
    return [prop for grouping in groupings for prop in leaves(grouping)]


def _properties_of_action(action: Action) -> list[str]:
    steps = [*action.first, *action.then, *(action.status.steps if action.status else ())]
    assigned = [step.properties for _, step in steps if isinstance(step, Assign)]
    others = [prop for other in action.also for prop in properties(other)]
    return [action.trigger, *action.arguments, *leaves(assigned), *others]
