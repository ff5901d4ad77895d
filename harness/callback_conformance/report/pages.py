"""The pages of a report: from a matrix's values to a folder of files that open from disk."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from callback_conformance.ledger import export
from callback_conformance.processes.warm import INAPP
from callback_conformance.report import text
from callback_conformance.report.drawing import Picture, draw
from callback_conformance.report.exports import write_exports
from callback_conformance.report.matrix import (
    CellView,
    FailedCase,
    Matrix,
    Pair,
    pair_page,
    read,
)
from callback_conformance.report.symbols import MatrixSymbol, worst_of
from callback_conformance.spec.specification import Requirement

T = TypeVar("T")

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = ("report.css", "report.js", "theme.js")


def build(folder: Path, link: str = "") -> Path:
    """Read the runs in ``folder`` and write ``folder/report`` anew; return its ``index.html``.

    ``link`` is where the pages will be published: ``matrix.md`` then leads there from anywhere. Raises BadFile
    when there is nothing to read, or a file is wrong.
    """
    matrix = read(folder)
    report = folder / "report"
    shutil.rmtree(report, ignore_errors=True)
    report.mkdir()
    for name in ASSETS:
        shutil.copyfile(TEMPLATES / name, report / name)
    shutil.copyfile(INAPP / "probe.py", report / "probe.py")
    _Writer(matrix, report, environment(matrix, TEMPLATES)).write()
    write_exports(matrix, report, link)
    return report / "index.html"


@dataclass(frozen=True)
class _Writer:
    """Fills the templates with one matrix."""

    matrix: Matrix
    folder: Path
    environment: Environment

    def write(self) -> None:
        """Write every page."""
        self._index()
        self._page("observations", "observations.html", topics=list(_topics(self.matrix)))
        self._deviations()
        for cell in self.matrix.cells:
            self._cell(cell)
        for requirement, earlier, later in with_neighbours(self.matrix.requirements):
            self._page(
                "requirement",
                f"requirements/{requirement.id}.html",
                requirement=requirement,
                chapter=self.matrix.specification.chapters[requirement.chapter],
                counts=Counter(cell.pairs[requirement.id].symbol for cell in self.matrix.cells),
                earlier=earlier and earlier.id,
                later=later and later.id,
            )

    def _index(self) -> None:
        matrix = self.matrix
        self._page("index", "index.html", **filters(matrix), when=_when(matrix))

    def _deviations(self) -> None:
        entries = self.matrix.worst_first
        releases = [
            (release, [(entry, self.matrix.where(entry.id)) for entry in of_release])
            for release, of_release in groupby(entries, lambda entry: entry.release)
        ]
        self._page("deviations", "deviations.html", entries=entries, releases=releases)

    def _cell(self, cell: CellView) -> None:
        counts = cell.counts(self.matrix.requirements)
        self._page("cell", f"cells/{cell.slug}.html", cell=cell, counts=counts)
        for pair, earlier, later in with_neighbours(cell.failing):
            self._page(
                "pair",
                pair_page(cell, pair.requirement),
                cell=cell,
                pair=pair,
                requirement=pair.requirement,
                tests=list(_shown(pair)),
                earlier=earlier and earlier.requirement.id,
                later=later and later.requirement.id,
            )

    def _page(self, template: str, path: str, **values: object) -> None:
        values = {**values, "here": template, "root": "../" * path.count("/")}
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        page = self.environment.get_template(f"{template}.html").render(values)
        file.write_text(page, encoding="utf-8")


def environment(matrix: Matrix, *folders: Path) -> Environment:
    """What fills the templates of these folders, the first of which comes first, with a matrix."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        MatrixSymbol=MatrixSymbol,
        cells=matrix.cells,
        groups=matrix.groups,
        chapters=matrix.chapters,
        requirements=matrix.requirements,
        ledger=matrix.ledger,
        specification=matrix.specification.hash,
        has_observations=any(cell.observations for cell in matrix.cells),
        pair_page=pair_page,
        deviation_page=lambda id: f"deviations.html#{id}",
        sentence=lambda requirement: text.inline(requirement.sentence),
        inline=text.inline,
        markdown=text.markdown,
        opening=text.opening,
        plain=text.plain,
        worst_of=worst_of,
        listed=_listed,
        upstream=text.upstream,
        source=export,
        install=text.install,
        violated=lambda where: _unique(pair.requirement for _, pairs in where for pair in pairs),
    )
    return environment


def _listed(cell: CellView, requirements: Sequence[Requirement]) -> list[Pair]:
    """What a cell's page lists of a chapter: what fails first, and nothing that its dialect does not have."""
    pairs = (cell.pairs[requirement.id] for requirement in requirements)
    return sorted((pair for pair in pairs if pair.listed), key=lambda pair: not pair.symbol.fails)


def filters(matrix: Matrix) -> dict[str, object]:
    """What the filters of the matrix need."""
    totals: Counter[MatrixSymbol] = sum(
        (cell.counts(matrix.requirements) for cell in matrix.cells), Counter()
    )
    return {"totals": totals, "axes": list(_axes(matrix))}


def _axes(matrix: Matrix) -> Iterator[tuple[str, str, list[str]]]:
    axes: dict[str, Callable[[CellView], str]] = {
        "implementation": lambda cell: cell.implementation,
        "version": lambda cell: cell.version,
        "dialect": lambda cell: cell.spec.dialect,
        "backend": lambda cell: cell.spec.backend,
        "driver": lambda cell: cell.spec.driver,
    }
    for name, choice in axes.items():
        choices = _unique(map(choice, matrix.cells))
        yield name, name.capitalize(), [word for word in choices if word]


def _unique(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _when(matrix: Matrix) -> str:
    """The days of the runs."""
    days = sorted({cell.started[:10] for cell in matrix.cells if cell.started})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else ""


#: An answer, and the cells that gave it, by all that they have in common but the version.
Answer = tuple[str, list[tuple[str, list[CellView]]]]


def _topics(matrix: Matrix) -> Iterator[tuple[str, list[Answer]]]:
    """What was observed: each topic with its answers, the most frequent first."""
    for topic in _unique(topic for cell in matrix.cells for topic in cell.observations):
        answers: dict[str, list[CellView]] = {}
        for cell in matrix.cells:
            if topic in cell.observations:
                answers.setdefault(cell.observations[topic], []).append(cell)
        ordered = sorted(answers.items(), key=lambda answer: (-len(answer[1]), answer[0]))
        yield topic, [(answer, _variants(cells)) for answer, cells in ordered]


def _variants(cells: Sequence[CellView]) -> list[tuple[str, list[CellView]]]:
    variants: dict[str, list[CellView]] = {}
    for cell in cells:
        variants.setdefault(" · ".join((cell.implementation, *cell.rest)), []).append(cell)
    return list(variants.items())


def _shown(pair: Pair) -> Iterator[tuple[FailedCase, str, str, Picture | None]]:
    """Each failing test of a pair with what was seen, what was expected, and its picture."""

    def new_first(test: FailedCase) -> tuple[bool, str]:
        return bool(test.case.deviation), test.case.name

    for test in sorted(pair.tests, key=new_first):
        seen, expected = text.clash(test.case.message)
        events = test.failure.events
        yield test, seen, expected, draw(events, test.case.message) if events else None


def with_neighbours(values: Sequence[T]) -> Iterator[tuple[T, T | None, T | None]]:
    """Each value with the one before and the one after it."""
    padded = [None, *values, None]
    return zip(values, padded, padded[2:], strict=False)
