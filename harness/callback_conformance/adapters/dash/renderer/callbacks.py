"""The callbacks of a Dash page, as the server lists them, and the instances of them that a change calls.

It follows ``actions/dependencies_ts.ts`` of the renderer. A callback with ``MATCH`` has an instance for each
of the values that it matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from callback_conformance.adapters.dash.renderer.layout import Layout, Path, components
from callback_conformance.adapters.dash.renderer.patterns import Dependency, Property, Reference

Updates = Mapping[str, object]

DEFAULT_MS = 500  # between two polls, where the server names no interval


@dataclass(frozen=True)
class CallbackDefinition:
    """One entry of ``_dash-dependencies``."""

    output: str
    outputs: tuple[Dependency, ...]
    inputs: tuple[Dependency, ...]
    state: tuple[Dependency, ...]
    prevent_initial_call: bool
    background: bool
    running: Updates = field(hash=False)
    running_off: Updates = field(hash=False)
    multi: bool
    #: How long the page waits between an answer and its next poll.
    interval_ms: int = 0

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> CallbackDefinition:
        """Read an entry as the server serves it."""
        output = entry["output"]
        multi = output.startswith("..")
        work = entry.get("background") or entry.get("long") or {}
        names = output[2:-2].split("...") if multi else [output]
        if entry.get("no_output") or "." not in output:
            names = []
        running = entry.get("running") or {}
        return cls(
            output=output,
            outputs=tuple(Dependency.of(name) for name in names),
            inputs=tuple(Dependency.listed(listed) for listed in entry["inputs"]),
            state=tuple(Dependency.listed(listed) for listed in entry["state"]),
            prevent_initial_call=bool(entry.get("prevent_initial_call")),
            background=bool(work),
            running=running.get("running", {}),
            running_off=running.get("runningOff", {}),
            multi=multi,
            interval_ms=work.get("interval", DEFAULT_MS) or 0,  # to the browser, null is 0
        )


@dataclass(frozen=True)
class Instance:
    """A callback for one set of ``MATCH`` values (``match``), by the component that set them."""

    definition: CallbackDefinition
    match: str = ""
    reference: Reference | None = field(default=None, compare=False)

    def outputs(self, layout: Layout) -> list[list[Property]]:
        """What each output stands for on the page."""
        return self._properties(self.definition.outputs, layout)

    def inputs(self, layout: Layout) -> list[list[Property]]:
        """What each input stands for."""
        return self._properties(self.definition.inputs, layout)

    def state(self, layout: Layout) -> list[list[Property]]:
        """What each state stands for."""
        return self._properties(self.definition.state, layout)

    def _properties(
        self, dependencies: Iterable[Dependency], layout: Layout
    ) -> list[list[Property]]:
        return [dependency.properties(layout, self.reference) for dependency in dependencies]


@dataclass(frozen=True)
class Trigger:
    """An instance that is to be called, and the properties whose change calls it."""

    instance: Instance
    changed: tuple[str, ...] = ()
    initial: bool = False


def flat(lists: Iterable[Iterable[Property]]) -> list[Property]:
    """The properties of all lists."""
    return [prop for part in lists for prop in part]


class Callbacks:
    """All callbacks of a page."""

    def __init__(self, definitions: Iterable[CallbackDefinition]) -> None:
        self.definitions = tuple(definitions)

    def listening(self, id: str, name: str, layout: Layout) -> list[Trigger]:
        """The instances with this property as an input."""
        prop = f"{id}.{name}"
        return [
            Trigger(instance, (prop,))
            for definition in self.definitions
            for dependency in definition.inputs
            if dependency.name == name and dependency.matches(id)
            for instance in _instances(definition, _reference(dependency, id), layout)
        ]

    def writing(self, id: str, layout: Layout) -> Iterator[Instance]:
        """The instances with a property of this component as an output."""
        for definition in self.definitions:
            for dependency in definition.outputs:
                if dependency.matches(id):
                    reference = _reference(dependency, id)
                    yield Instance(definition, reference.match if reference else "", reference)

    def of_load(self, layout: Layout) -> list[Trigger]:
        """The initial calls of a page."""
        triggers = [
            Trigger(instance, initial=True)
            for id, _ in components(layout.tree)
            for instance in self.writing(id, layout)
            if not instance.definition.prevent_initial_call
        ]
        alone = [
            Trigger(Instance(definition), initial=True)
            for definition in self.definitions
            if not definition.prevent_initial_call
            and not (definition.outputs and definition.inputs)
            if _anywhere(Instance(definition), layout)
        ]
        return [*_with_input(_merged(triggers), layout), *alone]

    def of_arrival(self, part: object, at: Path, layout: Layout) -> list[Trigger]:
        """The calls for components that have arrived at ``at``: the initial calls, and the calls of callbacks whose
        inputs have arrived and whose outputs were on the page before."""
        triggers: list[Trigger] = []
        for id, _ in components(part):
            triggers += [
                Trigger(instance, initial=True)
                for instance in self.writing(id, layout)
                if not instance.definition.prevent_initial_call
            ]
            triggers += [
                trigger
                for trigger in self._of_inputs(id, layout)
                if not _within(at, trigger.instance.outputs(layout), layout)
            ]
        return _with_input(_merged(triggers), layout)

    def of_departure(self, part: object, at: Path, before: Layout, layout: Layout) -> list[Trigger]:
        """The calls for components that have left ``at``: the lists of inputs that held them are shorter."""
        triggers = [
            Trigger(trigger.instance, initial=True)
            for id, _ in components(part)
            for trigger in self._of_inputs(id, before)
            if not _within(at, trigger.instance.outputs(before), before)
            if _in_a_list(id, trigger.instance, before)
            if flat(trigger.instance.outputs(layout))
        ]
        return _with_input(_merged(triggers), before)

    def _of_inputs(self, id: str, layout: Layout) -> list[Trigger]:
        names = {
            dependency.name: None
            for definition in self.definitions
            for dependency in definition.inputs
            if dependency.matches(id)
        }
        return [trigger for name in names for trigger in self.listening(id, name, layout)]


def _reference(dependency: Dependency, id: str) -> Reference | None:
    return Reference(id, dependency) if dependency.pattern is not None else None


def _instances(
    definition: CallbackDefinition, reference: Reference | None, layout: Layout
) -> list[Instance]:
    """The instances of a callback that an input beside ``reference`` belongs to."""
    if not (definition.outputs and definition.outputs[0].match_keys):
        return [Instance(definition, reference.match if reference else "", reference)]
    # The renderer means to take the first output that is not a list, and takes the first.
    first = definition.outputs[0]
    references = [Reference(prop.id, first) for prop in first.properties(layout, reference)]
    return list(
        dict.fromkeys(Instance(definition, reference.match, reference) for reference in references)
    )


def _anywhere(instance: Instance, layout: Layout) -> bool:
    """A callback without outputs, or without inputs, is called at the start if its other dependencies are there."""
    definition = instance.definition
    properties = instance.outputs(layout) if definition.outputs else instance.inputs(layout)
    return bool(flat(properties)) or not (definition.outputs or definition.inputs)


def _within(at: Path, properties: list[list[Property]], layout: Layout) -> bool:
    paths = [layout.path(prop.id) or () for prop in flat(properties)]
    return all(path[: len(at)] == at for path in paths)


def _in_a_list(id: str, instance: Instance, layout: Layout) -> bool:
    lists = zip(instance.definition.inputs, instance.inputs(layout), strict=True)
    return any(
        prop.id == id
        for dependency, properties in lists
        if dependency.multiple
        for prop in properties
    )


def _merged(triggers: Iterable[Trigger]) -> list[Trigger]:
    """One trigger for each instance."""
    merged: dict[Instance, Trigger] = {}
    for trigger in triggers:
        earlier = merged.get(trigger.instance, trigger)
        changed = tuple(dict.fromkeys((*earlier.changed, *trigger.changed)))
        initial = earlier.initial or trigger.initial
        merged[trigger.instance] = replace(earlier, changed=changed, initial=initial)
    return list(merged.values())


def _with_input(triggers: list[Trigger], layout: Layout) -> list[Trigger]:
    """Leave out each callback all of whose inputs are missing, or written only by callbacks left out."""
    never_written: set[str] = set()

    def has_input(trigger: Trigger) -> bool:
        listed = all(dependency.multiple for dependency in trigger.instance.definition.inputs)
        inputs = {str(prop) for prop in flat(trigger.instance.inputs(layout))}
        return listed or bool(inputs - never_written)

    while without_input := [trigger for trigger in triggers if not has_input(trigger)]:
        triggers = [trigger for trigger in triggers if trigger not in without_input]
        never_written |= {
            str(prop)
            for trigger in without_input
            for prop in flat(trigger.instance.outputs(layout))
        }
    return triggers
