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

Updates = Mapping[str, Any]


@dataclass(frozen=True)
class Spec:
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

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Spec:
        """Read an entry as the server serves it."""
        output = entry["output"]
        multi = output.startswith("..")
        names = output[2:-2].split("...") if multi else [output]
        if entry.get("no_output") or "." not in output:
            names = []
        running = entry.get("running") or {}
        return cls(
            output=output,
            outputs=tuple(Dependency.of(name) for name in names),
            inputs=tuple(Dependency.listed(one) for one in entry["inputs"]),
            state=tuple(Dependency.listed(one) for one in entry["state"]),
            prevent_initial_call=bool(entry.get("prevent_initial_call")),
            background=bool(entry.get("background") or entry.get("long")),
            running=running.get("running", {}),
            running_off=running.get("runningOff", {}),
            multi=multi,
        )


@dataclass(frozen=True)
class Instance:
    """A callback for one set of ``MATCH`` values (``match``), by the component that set them."""

    spec: Spec
    match: str = ""
    reference: Reference | None = field(default=None, compare=False)

    def outputs(self, layout: Layout) -> list[list[Property]]:
        """What each output stands for on the page."""
        return self._found(self.spec.outputs, layout)

    def inputs(self, layout: Layout) -> list[list[Property]]:
        """What each input stands for."""
        return self._found(self.spec.inputs, layout)

    def state(self, layout: Layout) -> list[list[Property]]:
        """What each state stands for."""
        return self._found(self.spec.state, layout)

    def _found(self, dependencies: Iterable[Dependency], layout: Layout) -> list[list[Property]]:
        return [one.found(layout, self.reference) for one in dependencies]


@dataclass(frozen=True)
class Trigger:
    """An instance that is to be called, and the properties whose change calls it."""

    instance: Instance
    changed: tuple[str, ...] = ()
    initial: bool = False


def flat(found: Iterable[Iterable[Property]]) -> list[Property]:
    """The properties, without the lists in which they stand."""
    return [prop for part in found for prop in part]


class Callbacks:
    """All callbacks of a page."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self.specs = tuple(specs)

    def listening(self, id: str, name: str, layout: Layout) -> list[Trigger]:
        """The instances that have this property for an input."""
        prop = f"{id}.{name}"
        return [
            Trigger(instance, (prop,))
            for spec in self.specs
            for one in spec.inputs
            if one.name == name and one.matches(id)
            for instance in _instances(spec, _reference(one, id), layout)
        ]

    def writing(self, id: str, layout: Layout) -> Iterator[Instance]:
        """The instances that have a property of this component for an output."""
        for spec in self.specs:
            for one in spec.outputs:
                if one.matches(id):
                    reference = _reference(one, id)
                    yield Instance(spec, reference.match if reference else "", reference)

    def of_load(self, layout: Layout) -> list[Trigger]:
        """The initial calls of a page."""
        found = [
            Trigger(instance, initial=True)
            for id, _ in components(layout.tree)
            for instance in self.writing(id, layout)
            if not instance.spec.prevent_initial_call
        ]
        alone = [
            Trigger(Instance(spec), initial=True)
            for spec in self.specs
            if not spec.prevent_initial_call and not (spec.outputs and spec.inputs)
            if _anywhere(Instance(spec), layout)
        ]
        return [*_fed(_merged(found), layout), *alone]

    def of_arrival(self, part: Any, at: Path, layout: Layout) -> list[Trigger]:
        """The calls for components that have come to stand at ``at``: the initial ones, and those of
        callbacks whose inputs came while their outputs were there."""
        found: list[Trigger] = []
        for id, _ in components(part):
            found += [
                Trigger(instance, initial=True)
                for instance in self.writing(id, layout)
                if not instance.spec.prevent_initial_call
            ]
            found += [
                trigger
                for trigger in self._of_inputs(id, layout)
                if not _within(at, trigger.instance.outputs(layout), layout)
            ]
        return _fed(_merged(found), layout)

    def of_departure(self, part: Any, at: Path, before: Layout, layout: Layout) -> list[Trigger]:
        """The calls for components that have left ``at``: lists of inputs in which they stood are shorter."""
        found = [
            Trigger(trigger.instance, initial=True)
            for id, _ in components(part)
            for trigger in self._of_inputs(id, before)
            if not _within(at, trigger.instance.outputs(before), before)
            if _in_a_list(id, trigger.instance, before)
            if flat(trigger.instance.outputs(layout))
        ]
        return _fed(_merged(found), before)

    def _of_inputs(self, id: str, layout: Layout) -> list[Trigger]:
        names = {one.name: None for spec in self.specs for one in spec.inputs if one.matches(id)}
        return [trigger for name in names for trigger in self.listening(id, name, layout)]


def _reference(dependency: Dependency, id: str) -> Reference | None:
    return Reference(id, dependency) if dependency.pattern is not None else None


def _instances(spec: Spec, reference: Reference | None, layout: Layout) -> list[Instance]:
    """The instances of a callback that an input beside ``reference`` belongs to."""
    if not (spec.outputs and spec.outputs[0].match_keys):
        return [Instance(spec, reference.match if reference else "", reference)]
    # The renderer means to take the first output that is no list, and takes the first.
    first = spec.outputs[0]
    found = [Reference(prop.id, first) for prop in first.found(layout, reference)]
    return list(dict.fromkeys(Instance(spec, one.match, one) for one in found))


def _anywhere(instance: Instance, layout: Layout) -> bool:
    """A callback without outputs, or without inputs, is called at the start if what it has is there."""
    spec = instance.spec
    found = instance.outputs(layout) if spec.outputs else instance.inputs(layout)
    return bool(flat(found)) or not (spec.outputs or spec.inputs)


def _within(at: Path, found: list[list[Property]], layout: Layout) -> bool:
    paths = [layout.path(prop.id) or () for prop in flat(found)]
    return all(path[: len(at)] == at for path in paths)


def _in_a_list(id: str, instance: Instance, layout: Layout) -> bool:
    lists = zip(instance.spec.inputs, instance.inputs(layout), strict=True)
    return any(prop.id == id for one, found in lists if one.multiple for prop in found)


def _merged(triggers: Iterable[Trigger]) -> list[Trigger]:
    """One trigger for each instance."""
    merged: dict[Instance, Trigger] = {}
    for one in triggers:
        known = merged.get(one.instance, one)
        changed = tuple(dict.fromkeys((*known.changed, *one.changed)))
        initial = known.initial or one.initial
        merged[one.instance] = replace(known, changed=changed, initial=initial)
    return list(merged.values())


def _fed(triggers: list[Trigger], layout: Layout) -> list[Trigger]:
    """Without those all of whose inputs are missing, or are written by such a callback alone."""
    starved: set[str] = set()

    def eats(one: Trigger) -> bool:
        listed = all(dependency.multiple for dependency in one.instance.spec.inputs)
        inputs = {str(prop) for prop in flat(one.instance.inputs(layout))}
        return listed or bool(inputs - starved)

    while hungry := [one for one in triggers if not eats(one)]:
        triggers = [one for one in triggers if one not in hungry]
        starved |= {str(prop) for one in hungry for prop in flat(one.instance.outputs(layout))}
    return triggers
