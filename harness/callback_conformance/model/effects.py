"""What reaches a page of a run: its result, what it reports and sets, and what holds after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from callback_conformance.model import rules
from callback_conformance.model.allowed import ANYTHING, Allowed, exactly
from callback_conformance.model.facts import of_entry, of_progress
from callback_conformance.model.jobs import End, stretch
from callback_conformance.model.properties import WrongForm, concrete, every, is_no_update, spread
from callback_conformance.model.rules import Fact, chosen
from callback_conformance.model.runs import Run
from callback_conformance.scenario import UNSET, Background, Grouping, Ordinary, Scenario, leaves

Changes = dict[str, Allowed]
Shows = Mapping[str, Allowed]
NOTHING = exactly(None)


def progress_at_first(callback: Background, scenario: Scenario) -> Changes:
    """What progress properties hold before the first trigger."""
    if callback.progress_default is UNSET:
        return dict.fromkeys(leaves(callback.progress), ANYTHING)  # implementation-defined
    ids = chosen(rules.PROGRESS_AT_FIRST, ())
    parts = spread(callback.progress, callback.progress_default, scenario, None)
    return {prop: exactly(part, *ids) for prop, part in parts}


def at_first(
    prop: str, callbacks: Iterable[Background | Ordinary], scenario: Scenario
) -> tuple[str, ...]:
    """The requirements by which a property holds what the layout gives it until something changes it."""
    for callback in callbacks:
        if isinstance(callback, Background):
            if prop in _everywhere(leaves(callback.output), scenario):
                return chosen(rules.KEEPS_OUTPUT, ())
            if prop in _everywhere((str(entry[0]) for entry in callback.running), scenario):
                return chosen(rules.RUNNING_AT_FIRST, ())
    return (rules.UNCOVERED,)


def _everywhere(props: Iterable[str], scenario: Scenario) -> set[str]:
    return {place for prop in props for place in every(prop, scenario)}


def at_trigger(run: Run, facts: frozenset[Fact], scenario: Scenario) -> Changes:
    """What holds from the trigger on: on values; progress is free until the run reports its own."""
    changes: Changes = dict.fromkeys(leaves(run.callback.progress), ANYTHING)
    for entry in run.callback.running:
        ids = chosen(rules.RUNNING_ON, (facts - {Fact.MATCH}) | of_entry(entry))
        for prop in concrete(str(entry[0]), scenario, run.instance):
            changes[prop] = exactly(entry[1], *ids)
    return changes


def with_form(run: Run, scenario: Scenario) -> Run:
    """The run, as failed if its result does not have the form of its outputs."""
    if run.end != End.RESULT or not any(leaves(run.callback.output)):
        return run
    try:
        list(spread(run.callback.output, run.result, scenario, run.instance))
    except WrongForm:
        return replace(run, end=End.RAISED, wrong_form=True)
    return run


def updates(run: Run, facts: frozenset[Fact]) -> Changes:
    """What a run has set by ``set_props``."""
    latest = dict(run.updates)
    facts = facts - {Fact.SEVERAL_OUTPUTS}
    ids = chosen(rules.SHOWS_UPDATE, facts | ({Fact.SEVERAL_OUTPUTS} if len(latest) > 1 else set()))
    return {prop: exactly(part, *ids) for prop, part in latest.items()}


def progress(run: Run, facts: frozenset[Fact], scenario: Scenario) -> Changes:
    """The newest progress of a run."""
    if not run.reports:
        return {}
    parts = spread(run.callback.progress, run.reports[-1], scenario, run.instance)
    return {
        prop: exactly(part, *chosen(rules.SHOWS_PROGRESS, facts | of_progress(run, part)))
        for prop, part in parts
    }


def outputs(run: Run, facts: frozenset[Fact], shows: Shows, scenario: Scenario) -> Changes:
    """What the outputs show after a run."""
    if run.end == End.RESULT:
        return _set(
            run.callback.output, run, run.result, chosen(rules.SHOWS_RESULT, facts), shows, scenario
        )
    handler = run.callback.on_error
    if run.end and run.end.failed and handler is not None:
        ids = chosen(rules.SHOWS_ON_ERROR, facts)
        handled = stretch(handler.steps, {"error": None})
        if handled.end == End.RESULT:
            return _set(run.callback.output, run, handled.result, ids, shows, scenario)
    kept = chosen(rules.KEEPS_OUTPUT, facts)
    return {
        prop: replace(shows.get(prop, NOTHING), requirements=kept)
        for part in leaves(run.callback.output)
        for prop in concrete(part, scenario, run.instance)
    }


def _set(
    output: Grouping,
    run: Run,
    returned: object,
    ids: Iterable[str],
    shows: Shows,
    scenario: Scenario,
) -> Changes:
    changes = {}
    for prop, part in spread(output, returned, scenario, run.instance):
        keeps = is_no_update(part)
        changes[prop] = (
            replace(shows.get(prop, NOTHING), requirements=("SIGN-7",))
            if keeps
            else exactly(part, *ids)
        )
    return changes


def after(
    run: Run, facts: frozenset[Fact], first: Shows, dialect: str, scenario: Scenario
) -> Changes:
    """What holds after a run of which no newer is running; ``first`` is what the layout gives."""
    changes: Changes = {}
    for entry in run.callback.running:
        ids = chosen(rules.RUNNING_OFF, (facts - {Fact.MATCH}) | of_entry(entry))
        for prop in concrete(str(entry[0]), scenario, run.instance):
            pair = first.get(prop, NOTHING)
            changes[prop] = (
                exactly(entry[2], *ids) if len(entry) > 2 else replace(pair, requirements=ids)
            )
    return changes | _progress_after(run, facts, dialect, scenario)


def _progress_after(run: Run, facts: frozenset[Fact], dialect: str, scenario: Scenario) -> Changes:
    callback = run.callback
    props = list(leaves(callback.progress))
    if dialect == "labs":
        return _progress_after_labs(run, props, scenario)
    ids = chosen(rules.PROGRESS_AFTER, facts)
    if callback.progress_default is UNSET:
        return {prop: exactly(None, *ids) for prop in props}
    parts = spread(callback.progress, callback.progress_default, scenario, run.instance)
    return {
        prop: exactly(part, *(ids if part or "PROG-16" in ids else ("PROG-16", *ids)))
        for prop, part in parts
    }


def _progress_after_labs(run: Run, props: list[str], scenario: Scenario) -> Changes:
    if run.last_report is not None:
        parts = list(spread(run.callback.progress, run.last_report, scenario, run.instance))
        if all(part is None for _, part in parts):
            return {prop: exactly(None, "PROG-11") for prop in props}
    return dict.fromkeys(props, ANYTHING)  # implementation-defined
