"""What ``conformance/expected`` and the marks of the tests say of each cell of the matrix, without a run."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, ModuleType

import pytest
from packaging.version import Version

from callback_conformance import backends, ledger, places, spec
from callback_conformance.adapters import find
from callback_conformance.install import installed_version
from callback_conformance.ledger import Deviation, Symptom
from callback_conformance.matrix.plan import read_plan
from callback_conformance.plugin import markers
from callback_conformance.processes import Environment
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.known_failures import (
    KnownFailures,
    load_known_failures,
    recorded,
)
from callback_conformance.session.cell import Cell
from callback_conformance.spec import Requirement, Specification

SUITE = "callback_conformance.suite" if places.INSTALLED else "conformance"


@dataclass(frozen=True)
class RecordedCell:
    """One cell of the matrix, as a whole run of it gives its verdicts."""

    spec: CellSpec
    #: The release's name and version, such as "dash 4.4.1"; ours have the version that is installed beside the suite.
    implementation: str
    version: str
    #: The requirements that apply to it, in the specification's order.
    applicable: tuple[Requirement, ...]
    #: The violated ones of them, each with the deviations that its tests show.
    violated: Mapping[str, tuple[Deviation, ...]]
    #: All these deviations, the worst first.
    deviations: tuple[Deviation, ...]

    def seen_as(self, symptom: Symptom) -> list[Deviation]:
        """Those of them that look like this, the worst first."""
        return [deviation for deviation in self.deviations if deviation.id in symptom.deviations]

    @property
    def words(self) -> str:
        """Release and backend for a reader, such as "dash 4.4.1 on diskcache"."""
        return f"{self.implementation} {self.version} on {self.spec.backend}"

    def of_chapter(self, number: int) -> tuple[int, int]:
        """How many requirements of a chapter apply, and how many of these are violated."""
        applicable = [each for each in self.applicable if each.chapter == number]
        return len(applicable), len([each for each in applicable if each.id in self.violated])


@dataclass(frozen=True)
class Findings:
    """All that is recorded."""

    specification: Specification
    #: Every entry of the ledger, the worst first.
    deviations: tuple[Deviation, ...]
    symptoms: tuple[Symptom, ...]
    #: In the order of ``ci/matrix.toml``.
    cells: tuple[RecordedCell, ...]

    @property
    def releases(self) -> list[str]:
        """The names of the implementations that have deviations."""
        return list(dict.fromkeys(c.implementation for c in self.cells if "@" in c.spec.release))

    def versions(self, implementation: str) -> list[str]:
        """The versions of a release, the oldest first."""
        cells = [cell for cell in self.cells if cell.implementation == implementation]
        return sorted({cell.version for cell in cells}, key=Version)

    def of_version(self, implementation: str, version: str) -> list[RecordedCell]:
        """The cells of one version."""
        wanted = implementation, version
        return [cell for cell in self.cells if (cell.implementation, cell.version) == wanted]

    @property
    def newest(self) -> list[RecordedCell]:
        """The cells of the newest version of each release."""
        return [
            cell
            for name in self.releases
            for cell in self.of_version(name, self.versions(name)[-1])
        ]

    @property
    def ours(self) -> list[RecordedCell]:
        """The cells of the two implementations of this repository."""
        return [cell for cell in self.cells if "@" not in cell.spec.release]


def read_findings() -> Findings:
    """Read what is recorded of the cells of ``ci/matrix.toml``. Raises BadMatrix, BadEntry, BadKnownFailure."""
    specification = spec.load()
    cells = [_cell(each) for each in read_plan(places.MATRIX).cells]
    entries = ledger.read_ledger(ledger.LEDGER)
    symptoms = ledger.read_symptoms(entries)
    deviations = {entry.id: entry for entry in ledger.worst_first(entries, symptoms)}
    releases = recorded({cell.adapter.name for cell in cells if cell.adapter.released})
    known_failures = load_known_failures(specification, releases, deviations)
    tests = list(_tests())
    return Findings(
        specification,
        tuple(deviations.values()),
        tuple(symptoms),
        tuple(_recorded(cell, specification, tests, known_failures, deviations) for cell in cells),
    )


@dataclass(frozen=True)
class _Test:
    """A test of the suite with its marks and those of its module, as ``markers.Marked``."""

    marks: Sequence[pytest.Mark]

    def iter_markers(self, name: str) -> Iterator[pytest.Mark]:
        return (mark for mark in self.marks if mark.name == name)


def _tests() -> Iterator[_Test]:
    """The tests that decide requirements."""
    if str(places.ROOT) not in sys.path:  # in a checkout, where the suite is not installed
        sys.path.append(str(places.ROOT))
    suite = importlib.import_module(SUITE)
    for name in (module.name for module in pkgutil.iter_modules(suite.__path__)):
        if name.startswith("test_"):
            module = importlib.import_module(f"{SUITE}.{name}")
            functions = inspect.getmembers(module, inspect.isfunction)
            yield from (
                _Test([*_marks(function), *_marks(module)])
                for test, function in functions
                if test.startswith("test_")
            )


def _marks(marked: FunctionType | ModuleType) -> list[pytest.Mark]:
    marks = getattr(marked, "pytestmark", [])  # of a module it is one mark, or a list
    decorators: list[pytest.Mark | pytest.MarkDecorator] = (
        marks if isinstance(marks, list) else [marks]
    )
    return [mark.mark if isinstance(mark, pytest.MarkDecorator) else mark for mark in decorators]


def _cell(cell: CellSpec) -> Cell:
    """A cell that knows its version but has no environment."""
    name, _, version = cell.release.partition("@")
    adapter = find(name)
    distribution = adapter.distributions[0]
    versions = {distribution: version or installed_version(distribution) or "0"}
    return Cell(cell, adapter, backends.find(cell.backend), Environment("", versions))


def _recorded(
    cell: Cell,
    specification: Specification,
    tests: Sequence[_Test],
    known_failures: KnownFailures,
    deviations: Mapping[str, Deviation],
) -> RecordedCell:
    requirements = specification.requirements
    applicable = set()
    for test in tests:
        ids = [id for mark in test.iter_markers("covers") for id in mark.args]
        exclusions = markers.exclusions(test, cell, [requirements[id] for id in ids])
        applicable |= {each.id for each, reason in exclusions.items() if not reason}
    expected = known_failures.deviations(cell.identity)
    violated = {id: expected[id] for id in requirements if id in expected.keys() & applicable}
    shown = set().union(*violated.values())
    return RecordedCell(
        spec=cell.spec,
        implementation=cell.adapter.name,
        version=cell.identity.version,
        applicable=tuple(each for id, each in requirements.items() if id in applicable),
        violated={
            id: tuple(each for name, each in deviations.items() if name in several)
            for id, several in violated.items()
        },
        deviations=tuple(each for id, each in deviations.items() if id in shown),
    )
