"""What is true of a run and decides which requirement a case belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from callback_conformance.model.jobs import End
from callback_conformance.model.properties import concrete, is_no_update
from callback_conformance.model.rules import Fact
from callback_conformance.model.runs import Run
from callback_conformance.scenario import UNSET, FrozenList, Scenario, leaves
from callback_conformance.scenario.equality import same

_ENDS = {
    End.RESULT: Fact.RESULT,
    End.DECLINED: Fact.DECLINED,
    End.RAISED: Fact.RAISED,
    End.DIED: Fact.DIED,
    End.CANCELLED: Fact.CANCELLED,
}


def facts(run: Run, runs: Mapping[int, Run], dialect: str) -> frozenset[Fact]:
    """All that is true of a run, among all runs of the program."""
    return frozenset(
        (
            *_life(run),
            *_past(run, runs),
            *_key(run, runs),
            *_company(run, runs),
            *_program(run, dialect),
        )
    )


def _life(run: Run) -> Iterator[Fact]:
    if run.end:
        yield _ENDS[run.end]
    if run.end == End.RESULT:
        yield from _result(run)
    if run.wrong_form:
        yield Fact.WRONG_FORM
    if run.initial:
        yield Fact.INITIAL
    if run.lost_poll:
        yield Fact.LOST_POLL
    if run.before_answer:
        yield Fact.BEFORE_ANSWER


def _result(run: Run) -> Iterator[Fact]:
    result = run.result
    if isinstance(run.callback.output, str) and not result:
        yield Fact.FALSY
    if isinstance(run.callback.output, str) and isinstance(result, (list, tuple)):
        yield Fact.LIST
    parts = list(result.values()) if isinstance(result, Mapping) else result
    if isinstance(parts, (list, tuple)) and any(map(is_no_update, parts)):
        yield Fact.SOME_UPDATED


def _past(run: Run, runs: Mapping[int, Run]) -> Iterator[Fact]:
    earlier = [other for other in runs.values() if other.number < run.number]
    before = runs.get(run.previous)
    if before and before.replaced:
        yield Fact.REPLACES
    if before and before.end == End.CANCELLED:
        yield Fact.AFTER_CANCEL
    if before and before.end and before.end.failed:
        yield Fact.AFTER_FAILURE
    if any(other.abandoned and other.page == run.page for other in earlier):
        yield Fact.AFTER_RELOAD
    if any(
        other.replaced and other.slot == run.slot and same(other.arguments, run.arguments)
        for other in earlier
    ):
        yield Fact.RETURNS


def _key(run: Run, runs: Mapping[int, Run]) -> Iterator[Fact]:
    """What earlier runs with the key of a cached run have left."""
    if not run.is_cached:
        return
    yield Fact.HIT if run.is_hit else Fact.CACHED
    for other in runs.values():
        if other.number < run.number and same(other.arguments, run.arguments):
            if other.callback.name == run.callback.name and other.callback != run.callback:
                yield Fact.KEY_OF_CALLBACK
            if other.callback == run.callback and other.instance != run.instance:
                yield Fact.KEY_OF_INSTANCE
        if other.number < run.number and has_key_of(other, run):
            if other.end and other.end.failed:
                yield Fact.KEY_FAILED
            if other.end == End.CANCELLED:
                yield Fact.KEY_CANCELLED
            if other.end == End.DECLINED:
                yield Fact.KEY_DECLINED


def has_key_of(run: Run, other: Run) -> bool:
    """Whether two runs have one cache key."""
    is_same = (run.callback, run.instance) == (other.callback, other.instance)
    return is_same and same(run.arguments, other.arguments)


def _company(run: Run, runs: Mapping[int, Run]) -> Iterator[Fact]:
    for other in (runs[number] for number in run.beside):
        if other.page != run.page:
            equal = other.callback == run.callback and same(other.arguments, run.arguments)
            yield Fact.EQUAL_USERS if equal else Fact.OTHER_USER
        elif other.callback == run.callback:
            if other.instance != run.instance:
                yield Fact.OTHER_INSTANCE
        elif other.callback.name == run.callback.name:
            yield Fact.EQUAL_SOURCE
        else:
            yield Fact.OTHER_CALLBACK


def _program(run: Run, dialect: str) -> Iterator[Fact]:
    output, callback = run.callback.output, run.callback
    if not any(leaves(output)):
        yield Fact.NO_OUTPUT
    elif isinstance(output, Mapping):
        yield Fact.NAMED_OUTPUTS
    elif isinstance(output, (FrozenList, tuple)):
        yield Fact.LIST_OF_ONE if len(output) == 1 else Fact.SEVERAL_OUTPUTS
    if run.instance is not None:
        yield Fact.MATCH
    if callback.on_error is not None:
        yield Fact.ON_ERROR
    if callback.progress_default is UNSET:
        yield Fact.NO_DEFAULT
    elif not callback.progress_default:
        yield Fact.FALSY_DEFAULT
    if isinstance(callback.progress, Mapping):
        yield Fact.PROGRESS_NAMED
    elif isinstance(callback.progress, (FrozenList, tuple)):
        yield Fact.PROGRESS_LIST
    if dialect == "labs":
        yield Fact.LABS


def of_progress(run: Run, part: object) -> frozenset[Fact]:
    """What is true of one part of what a run reports."""
    is_list = isinstance(run.callback.progress, str) and isinstance(part, (list, tuple))
    falsy = frozenset() if part else frozenset([Fact.FALSY])
    return falsy | (frozenset([Fact.LIST]) if is_list else frozenset())


def of_entry(entry: Sequence[object]) -> frozenset[Fact]:
    """What is true of an entry of ``running``."""
    match = frozenset([Fact.MATCH]) if "[MATCH]" in str(entry[0]) else frozenset()
    return match | (frozenset([Fact.PAIR]) if len(entry) == 2 else frozenset())


def role(run: Run, prop: str, scenario: Scenario) -> str:
    """What a property is to a run: ``output``, ``progress``, ``update`` or nothing."""
    callback = run.callback
    for name, grouping in (("output", callback.output), ("progress", callback.progress)):
        for part in leaves(grouping):
            if prop in concrete(part, scenario, run.instance):
                return name
    is_set = any(getattr(step, "prop", None) == prop for step in callback.job.steps)
    return "update" if is_set else ""
