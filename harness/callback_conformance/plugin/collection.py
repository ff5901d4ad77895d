"""Which test runs on which cell, and what is known of it before it runs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callback_conformance.adapters import Feature
from callback_conformance.plugin import markers
from callback_conformance.plugin.outcomes import (
    STATE,
    CaseFacts,
    ItemState,
    ObservationFacts,
    facts_property,
)
from callback_conformance.results.known_failures import KnownFailures
from callback_conformance.results.verdict import Verdicts
from callback_conformance.session.cell import Cell
from callback_conformance.spec import Requirement


class SuiteCollection:
    """Spreads the suite's tests over the cells of a run."""

    def __init__(
        self, cells: Sequence[Cell], known_failures: KnownFailures, verdicts: Verdicts
    ) -> None:
        self._cells = cells
        self._known_failures = known_failures
        self._verdicts = verdicts

    @property
    def known_failures(self) -> KnownFailures:
        """Those of all implementations of the run."""
        return self._known_failures

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test on each cell that it applies to."""
        if metafunc.definition.get_closest_marker("probes_absence"):
            absent = [(cell, feature) for cell in self._cells for feature in cell.absent]
            ids = [f"{cell.id}-{feature.value}" for cell, feature in absent]
            metafunc.parametrize(("cell", "feature"), absent, ids=ids, scope="function")
        elif "cell" in metafunc.fixturenames:
            cells = [cell for cell in self._cells if self._applies(metafunc.definition, cell)]
            metafunc.parametrize("cell", cells, ids=[cell.id for cell in cells], scope="function")

    def _applies(self, test: pytest.Item, cell: Cell) -> bool:
        if test.get_closest_marker("compares_with_model"):
            return cell.spec.driver == "wire"
        observes = test.get_closest_marker("observes")
        requirements = [] if observes else self._requirements(test)
        if cell.spec.driver == "browser" and test.get_closest_marker("wire_only"):
            self._verdicts.wire_only.update(requirement.id for requirement in requirements)
            return False
        if observes:
            binds = cell.spec.binding_dialect in observes.args[1:]
            return binds and not markers.exclusion(test, cell)
        exclusions = markers.exclusions(test, cell, requirements)
        for requirement, reason in exclusions.items():
            self._verdicts.collect(cell.identity, requirement, reason)
        return not all(exclusions.values())

    def _requirements(self, test: pytest.Item) -> list[Requirement]:
        """The requirements that a test names; a test without one, or with an unknown one, is an error."""
        requirements = self._verdicts.specification.requirements
        ids = [id for marker in test.iter_markers("covers") for id in marker.args]
        if not ids:
            raise pytest.UsageError(
                f"{test.nodeid} names no requirement: mark it with @covers(...)"
            )
        if unknown := [id for id in ids if id not in requirements]:
            raise pytest.UsageError(
                f"{test.nodeid} names {unknown[0]!r}, which SPEC.md does not have"
            )
        return [requirements[id] for id in ids]

    def _decided_by(self, item: pytest.Item, cell: Cell) -> list[Requirement]:
        """The requirements that a test decides on a cell. A probe decides whether those that need its feature are
        indeed not applicable."""
        if item.get_closest_marker("probes_absence"):
            feature: Feature = item.callspec.params["feature"]  # type: ignore[attr-defined]
            return self._verdicts.excluded_by(cell.identity, markers.absence(cell, feature))
        return [
            requirement
            for requirement in self._requirements(item)
            if cell.spec.binding_dialect in requirement.dialects
            and not markers.unpromised(requirement, cell)
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the empty item that pytest makes of a test that applies to no cell, and probes of what no test
        needs; mark the others."""
        items[:] = [item for item in items if not _has_no_cell(item)]
        for item in items:
            if cell := _cell(item):
                self._prepare(item, cell)
        items[:] = [item for item in items if not _is_idle_probe(item)]

    def _prepare(self, item: pytest.Item, cell: Cell) -> None:
        if item.get_closest_marker("compares_with_model"):
            item.stash[STATE] = ItemState(cell, [])
            item.user_properties.append(facts_property(CaseFacts(cell.id, _name(item, cell), ())))
            return
        if observes := item.get_closest_marker("observes"):
            item.stash[STATE] = ItemState(cell, [])
            facts = ObservationFacts(cell.id, observes.args[0])
            item.user_properties.append(facts_property(facts))
            return
        state = item.stash[STATE] = ItemState(cell, self._decided_by(item, cell))
        name = _name(item, cell)
        ids = [requirement.id for requirement in state.requirements]
        if expected := self._known_failures.find(cell.identity, name):
            if expected.requirement not in ids:
                raise pytest.UsageError(
                    f"expected/{cell.identity.known_as}.toml: {name} does not cover {expected.requirement}"
                )
            reason = f"{expected.deviation}: {expected.title}"
            strict = expected.is_strict_on(cell.identity)
            item.add_marker(pytest.mark.xfail(strict=strict, raises=AssertionError, reason=reason))
            state.known_failure = expected
        case = CaseFacts(cell.id, name, tuple(ids), expected.deviation if expected else None)
        item.user_properties.append(facts_property(case))
        item.user_properties.extend(("requirement", id) for id in ids)


def _has_no_cell(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and "cell" in callspec.params and _cell(item) is None


def _is_idle_probe(item: pytest.Item) -> bool:
    state = item.stash.get(STATE, None)
    is_probe = item.get_closest_marker("probes_absence") is not None
    return is_probe and state is not None and not state.requirements


def _cell(item: pytest.Item) -> Cell | None:
    callspec = getattr(item, "callspec", None)
    cell = callspec.params.get("cell") if callspec else None
    return cell if isinstance(cell, Cell) else None


def _name(item: pytest.Item, cell: Cell) -> str:
    """The test's name with its parameters, but without the cell."""
    name: str = getattr(item, "originalname", item.name)
    parameters = item.callspec.id.removeprefix(cell.id).removeprefix("-")  # type: ignore[attr-defined]
    return f"{name}[{parameters}]" if parameters else name
