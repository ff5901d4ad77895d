"""What is called, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from callback_conformance.scenario.actions import Action
from callback_conformance.scenario.caching import CachedBy
from callback_conformance.scenario.families import member, word
from callback_conformance.scenario.jobs import Job, Step

#: One property ("out.children"), several of them, or several by name. Where a mistake is the subject, a
#: ``Dependency`` or a ``Plain`` value may stand in the place of a property.
Grouping: TypeAlias = Any

UNSET = object()


class Listed(tuple[Any, ...]):
    """A list that does not change: what a program writes in square brackets."""

    __slots__ = ()


@dataclass(frozen=True)
class Dependency:
    """A dependency of a given kind (``Output``, ``Input``, ``State``) where another may be expected."""

    kind: str
    prop: str


@dataclass(frozen=True)
class Plain:
    """A value that stands as it is where a dependency is expected."""

    value: Any


@dataclass(frozen=True)
class Background:
    """A callback whose function runs as a job."""

    name: str
    output: Grouping
    inputs: Grouping
    state: Grouping
    job: Job
    running: tuple[tuple[Any, ...], ...] = ()
    cancel: tuple[str, ...] = ()
    progress: Grouping = None
    progress_default: Any = UNSET
    interval_ms: int | None = None
    initial: bool = False
    manager: str = ""
    twins: tuple[tuple[str, str], ...] = ()
    cache_by: CachedBy = None
    cache_args_to_skip: tuple[int | str, ...] = ()
    takes: tuple[str, ...] = ()
    on_error: Job | None = None
    by_name: bool | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordinary:
    """A callback whose function runs within the request."""

    name: str
    output: Grouping
    inputs: Grouping
    state: Grouping
    job: Job
    initial: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


Callback: TypeAlias = Background | Ordinary | Action


def background(
    *,
    output: Grouping = None,
    inputs: Grouping,
    job: Job | Step,
    state: Grouping = (),
    running: list[tuple[Any, ...]] | tuple[tuple[Any, ...], ...] = (),
    cancel: str | list[Any] | tuple[Any, ...] = (),
    progress: Grouping = None,
    progress_default: Any = UNSET,
    interval_ms: int | None = 100,
    initial: bool = False,
    manager: str = "",
    twins: tuple[tuple[str, str], ...] = (),
    cache_by: CachedBy = None,
    cache_args_to_skip: list[int | str] | tuple[int | str, ...] = (),
    takes: tuple[str, ...] = (),
    on_error: Job | Step | None = None,
    by_name: bool | None = None,
    options: Mapping[str, Any] | None = None,
    name: str = "job",
) -> Background:
    """A callback whose function runs as a job, started by ``inputs``.

    ``running`` holds (property, value while running, value after) or (property, value while running);
    ``interval_ms`` is the time between two polls of a browser (100 keeps browser runs short; None
    leaves the framework's own); ``initial`` lets it run at page load; ``manager`` names the one given to
    the decorator; ``twins`` are (output, input) of further callbacks that the same lines of source declare;
    ``cache_by`` is what its results are cached by, and ``cache_args_to_skip`` names the arguments that are
    left out of the cache key; ``takes`` are the function's own parameters, by default one for each argument,
    in their order; ``on_error`` is what is done with the argument ``error`` when the job fails; without
    ``output`` its result is shown nowhere; ``by_name`` says whether its dependencies are given by name or by
    position (None leaves it to the dialect); ``options`` are further keyword arguments of the decorator, as
    they stand; ``name`` is the function's.
    """
    cancels = Listed((cancel,) if isinstance(cancel, str) else cancel)
    return Background(
        name=name,
        output=_frozen(output),
        inputs=_frozen(inputs),
        state=_frozen(state),
        job=_job(job),
        running=tuple(tuple(entry) for entry in running),
        cancel=cancels,
        progress=_frozen(progress),
        progress_default=progress_default,
        interval_ms=interval_ms,
        initial=initial,
        manager=manager,
        twins=twins,
        cache_by=tuple(cache_by) if isinstance(cache_by, list) else cache_by,
        cache_args_to_skip=tuple(cache_args_to_skip),
        takes=takes,
        on_error=None if on_error is None else _job(on_error),
        by_name=by_name,
        options=MappingProxyType(dict(options or {})),
    )


def ordinary(
    *,
    output: Grouping,
    inputs: Grouping,
    job: Job | Step,
    state: Grouping = (),
    initial: bool = False,
    options: Mapping[str, Any] | None = None,
    name: str = "update",
) -> Ordinary:
    """A callback that answers within its request. ``options`` are further keyword arguments of the
    decorator, as they stand."""
    return Ordinary(
        name=name,
        output=_frozen(output),
        inputs=_frozen(inputs),
        state=_frozen(state),
        job=_job(job),
        initial=initial,
        options=MappingProxyType(dict(options or {})),
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
    given = [callback.inputs, callback.state]
    if any(isinstance(part, Mapping) for part in given):
        named = [part for part in given if isinstance(part, Mapping)]
        return {key: prop for part in named for key, prop in part.items()}
    parts = [item for part in given for item in (part if isinstance(part, tuple) else (part,))]
    shared = Counter(map(_short_name, parts))
    return {
        (_short_name(part) if shared[_short_name(part)] == 1 else _long_name(part)): part
        for part in parts
    }


def _short_name(part: Grouping) -> str:
    names = [prop.partition(".") for prop in leaves(part)]
    return "_".join(name if name == "n_clicks" else _word(one) for one, _, name in names)


def _word(component: str) -> str:
    found = member(component)
    return found.family if found else component.replace("-", "_")


def _long_name(part: Grouping) -> str:
    return "_".join(map(word, leaves(part)))


def _job(steps: Job | Step) -> Job:
    return steps if isinstance(steps, Job) else Job((steps,))


def _frozen(grouping: Grouping) -> Grouping:
    if isinstance(grouping, Mapping):
        return MappingProxyType({key: _frozen(part) for key, part in grouping.items()})
    if isinstance(grouping, (list, tuple)):
        kind = Listed if isinstance(grouping, list) else tuple
        return kind(map(_frozen, grouping))
    return grouping
