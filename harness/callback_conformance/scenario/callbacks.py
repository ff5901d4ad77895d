"""What is called, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias

from callback_conformance.scenario.actions import Action
from callback_conformance.scenario.caching import CachedBy
from callback_conformance.scenario.steps import Step, Steps, as_steps
from callback_conformance.scenario.values import Value
from callback_conformance.scenario.wildcards import as_identifier, indexed_component


class Unset(Enum):
    """Stands for an option that a program does not name."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


class FrozenList(tuple["Grouping", ...]):
    """A list that does not change: what a program writes in square brackets."""

    __slots__ = ()


@dataclass(frozen=True)
class Dependency:
    """A dependency of a given kind (``Output``, ``Input``, ``State``) where another may be expected."""

    kind: str
    prop: str
    #: Whether another callback may have the output too.
    allow_duplicate: bool = False


@dataclass(frozen=True)
class Plain:
    """A value that stands as it is where a dependency is expected."""

    value: object


#: One property ("out.children"), several of them, or several by name. Where a mistake is the subject, a
#: ``Dependency`` or a ``Plain`` value may stand in the place of a property.
Grouping: TypeAlias = (
    "str | Dependency | Plain | Sequence[Grouping] | Mapping[str, Grouping] | None"
)

#: A property, its on value and, unless the layout's value comes back, its off value.
Running: TypeAlias = tuple["Grouping | Value", ...]


@dataclass(frozen=True)
class Background:
    """A callback whose function runs as a job."""

    #: The function's name.
    name: str
    #: Where the result is shown; None: nowhere.
    output: Grouping
    #: What starts a job.
    inputs: Grouping
    state: Grouping
    job: Steps
    running: tuple[Running, ...] = ()
    cancel: Sequence[Grouping] = ()
    progress: Grouping = None
    progress_default: Value | Unset = UNSET
    #: The time between two polls of a browser; None leaves the framework's own.
    interval_ms: int | None = None
    #: Whether it runs at page load.
    initial: bool = False
    #: The manager that the decorator names; empty: none.
    manager: str = ""
    #: (output, input) of further callbacks that the same lines of source declare.
    duplicates: tuple[tuple[str, str], ...] = ()
    #: What its results are cached by.
    cache_by: CachedBy = None
    #: The arguments that are left out of the cache key.
    cache_args_to_skip: tuple[int | str, ...] = ()
    #: The function's own parameters; empty: one for each argument, in their order.
    takes: tuple[str, ...] = ()
    #: What is done with the argument ``error`` when the job fails.
    on_error: Steps | None = None
    #: Whether its dependencies stand by name or by position; None leaves it to the dialect.
    by_name: bool | None = None
    #: The kind of callable that the job is, as of an action.
    kind: str = "function"
    #: Further keyword arguments of the decorator, as they stand.
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordinary:
    """A callback whose function runs within the request."""

    #: The function's name.
    name: str
    output: Grouping
    inputs: Grouping
    state: Grouping
    job: Steps
    #: Whether it runs at page load.
    initial: bool = False
    #: Further keyword arguments of the decorator, as they stand.
    options: Mapping[str, object] = field(default_factory=dict)


Callback: TypeAlias = Background | Ordinary | Action


def background(
    *,
    output: Grouping = None,
    inputs: Grouping,
    job: Steps | Step,
    state: Grouping = (),
    running: Sequence[Running] = (),
    cancel: str | Sequence[Grouping] = (),
    progress: Grouping = None,
    progress_default: Value | Unset = UNSET,
    interval_ms: int | None = 100,
    initial: bool = False,
    manager: str = "",
    duplicates: tuple[tuple[str, str], ...] = (),
    cache_by: CachedBy = None,
    cache_args_to_skip: Sequence[int | str] = (),
    takes: tuple[str, ...] = (),
    on_error: Steps | Step | None = None,
    by_name: bool | None = None,
    kind: str = "function",
    options: Mapping[str, object] = MappingProxyType({}),
    name: str = "job",
) -> Background:
    """A callback whose function runs as a job, started by ``inputs``. The fields of Background say what each
    argument is; an interval of 100 ms keeps browser runs short."""
    return Background(
        name=name,
        output=_frozen(output),
        inputs=_frozen(inputs),
        state=_frozen(state),
        job=as_steps(job),
        running=tuple(tuple(entry) for entry in running),
        cancel=FrozenList((cancel,) if isinstance(cancel, str) else cancel),
        progress=_frozen(progress),
        progress_default=progress_default,
        interval_ms=interval_ms,
        initial=initial,
        manager=manager,
        duplicates=duplicates,
        cache_by=tuple(cache_by) if isinstance(cache_by, list) else cache_by,
        cache_args_to_skip=tuple(cache_args_to_skip),
        takes=takes,
        on_error=None if on_error is None else as_steps(on_error),
        by_name=by_name,
        kind=kind,
        options=MappingProxyType(dict(options)),
    )


def ordinary(
    *,
    output: Grouping,
    inputs: Grouping,
    job: Steps | Step,
    state: Grouping = (),
    initial: bool = False,
    options: Mapping[str, object] = MappingProxyType({}),
    name: str = "update",
) -> Ordinary:
    """A callback that answers within its request. The fields of Ordinary say what each argument is."""
    return Ordinary(
        name=name,
        output=_frozen(output),
        inputs=_frozen(inputs),
        state=_frozen(state),
        job=as_steps(job),
        initial=initial,
        options=MappingProxyType(dict(options)),
    )


def leaves(grouping: Grouping) -> Iterator[str]:
    """The properties of a grouping, in order."""
    if isinstance(grouping, str):
        yield grouping
    elif isinstance(grouping, Dependency):
        yield grouping.prop
    elif isinstance(grouping, Plain):
        return
    elif isinstance(grouping, Mapping):
        for part in grouping.values():
            yield from leaves(part)
    elif grouping is not None:
        for part in grouping:
            yield from leaves(part)


def parameters(callback: Background | Ordinary) -> dict[str, Grouping]:
    """The function's argument names and what each stands for, in the order of the arguments.

    The name of a dependency's key; else of its component, and for ``n_clicks`` of the property; where
    two would share a name, of both. A grouping within the arguments has the names of all its parts.
    """
    groupings = [callback.inputs, callback.state]
    if named := [part for part in groupings if isinstance(part, Mapping)]:
        return {key: prop for part in named for key, prop in part.items()}
    parts = [
        part
        for grouping in groupings
        for part in (grouping if isinstance(grouping, tuple) else (grouping,))
    ]
    shared = Counter(map(_short_name, parts))
    return {
        (_short_name(part) if shared[_short_name(part)] == 1 else _long_name(part)): part
        for part in parts
    }


def _short_name(part: Grouping) -> str:
    names = [prop.partition(".") for prop in leaves(part)]
    return "_".join(
        name if name == "n_clicks" else _component_name(component) for component, _, name in names
    )


def _component_name(component: str) -> str:
    indexed = indexed_component(component)
    return indexed.family if indexed else component.replace("-", "_")


def _long_name(part: Grouping) -> str:
    return "_".join(map(as_identifier, leaves(part)))


def _frozen(grouping: Grouping) -> Grouping:
    if isinstance(grouping, str):
        return grouping
    if isinstance(grouping, Mapping):
        return MappingProxyType({key: _frozen(part) for key, part in grouping.items()})
    if isinstance(grouping, (list, tuple)):
        kind = FrozenList if isinstance(grouping, list) else tuple
        return kind(map(_frozen, grouping))
    return grouping
