"""The pages of a report: from a matrix's values to a folder of files that open from disk."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from callback_conformance.adapters import UnknownImplementation, find
from callback_conformance.ledger import Deviation, export
from callback_conformance.processes.warm import INAPP
from callback_conformance.report.drawing import Picture, draw
from callback_conformance.report.exports import write_exports
from callback_conformance.report.matrix import Column, Mark, Matrix, Pair, Test, pair_page, read
from callback_conformance.spec.specification import Requirement

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
BESIDE = ("report.css", "report.js")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_markdown = MarkdownIt("commonmark", {"html": False})


def build(folder: Path, link: str = "") -> Path:
    """Write ``folder/report`` anew; return its ``index.html``. Raises NoRuns."""
    matrix = read(folder)
    place = folder / "report"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name in BESIDE:
        shutil.copyfile(TEMPLATES / name, place / name)
    shutil.copyfile(INAPP / "probe.py", place / "probe.py")
    _Writer(matrix, place).write()
    write_exports(matrix, place, link)
    return place / "index.html"


@dataclass(frozen=True)
class _Writer:
    """Fills the templates with one matrix."""

    matrix: Matrix
    place: Path

    def write(self) -> None:
        """Write every page."""
        fill = _environment(self.matrix)
        matrix, all_ = self.matrix, self.matrix.requirements
        totals: Counter[Mark] = sum((c.counts(all_) for c in matrix.columns), Counter())
        self._page(
            fill, "index", "index.html", here="index", totals=totals, axes=list(_axes(matrix)),
            when=_when(matrix),
        )  # fmt: skip
        self._page(fill, "census", "census.html", here="census", topics=list(_topics(matrix)))
        entries = list(matrix.ledger.values())
        releases = [
            (release, [(one, matrix.where(one.id)) for one in these])
            for release, these in groupby(entries, lambda one: one.release)
        ]
        self._page(
            fill, "deviations", "deviations.html", here="deviations", entries=entries, releases=releases
        )  # fmt: skip
        for column in matrix.columns:
            self._cell(fill, column)
        for one, earlier, later in _between(all_):
            chapter = matrix.specification.chapters[one.chapter]
            counts = Counter(c.pairs[one.id].mark for c in matrix.columns)
            path = f"requirements/{one.id}.html"
            self._page(
                fill, "requirement", path, one=one, chapter=chapter, counts=counts,
                earlier=earlier and earlier.id, later=later and later.id,
            )  # fmt: skip

    def _cell(self, fill: Environment, column: Column) -> None:
        counts = column.counts(self.matrix.requirements)
        self._page(fill, "cell", f"cells/{column.slug}.html", column=column, counts=counts)
        for pair, earlier, later in _between(column.failing):
            self._page(
                fill, "pair", pair_page(column, pair.requirement),
                column=column, pair=pair, one=pair.requirement, tests=list(_shown(pair)),
                earlier=earlier and earlier.requirement.id, later=later and later.requirement.id,
            )  # fmt: skip

    def _page(self, fill: Environment, template: str, path: str, **values: Any) -> None:
        values = {"here": "", **values, "root": "../" * path.count("/")}
        target = self.place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(fill.get_template(f"{template}.html").render(values), encoding="utf-8")


def _environment(matrix: Matrix) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        Mark=Mark,
        columns=matrix.columns,
        groups=matrix.groups,
        chapters=matrix.chapters,
        requirements=matrix.requirements,
        ledger=matrix.ledger,
        specification=matrix.specification.hash,
        has_census=any(column.census for column in matrix.columns),
        pair_page=pair_page,
        sentence=lambda one: inline(one.sentence),
        inline=inline,
        markdown=lambda text: Markup(_markdown.render(text)),  # noqa: S704 (HTML is off: all is escaped)
        opening=lambda text: Markup(_markdown.render(text.partition("\n\n")[0])),  # noqa: S704
        plain=lambda text: _ANSI.sub("", text),
        worst_of=worst_of,
        listed=_listed,
        upstream=upstream,
        source=export,
        install=install,
        violated=lambda where: _unique(p.requirement for _, pairs in where for p in pairs),
    )
    return made


def _listed(column: Column, found: Sequence[Requirement]) -> list[Pair]:
    """What a cell's page tells of a chapter: what fails first, and nothing that its dialect does not have."""
    pairs = (column.pairs[one.id] for one in found)
    return sorted((one for one in pairs if one.listed), key=lambda pair: not pair.mark.fails)


def inline(text: str) -> Markup:
    """A sentence of Markdown, without a paragraph of its own."""
    return Markup(_markdown.renderInline(text))  # noqa: S704 (HTML is off: all is escaped)


def worst_of(counts: Counter[Mark]) -> Mark:
    """What a chapter's square shows."""
    order = (
        Mark.NEW,
        Mark.VIOLATED,
        Mark.NOT_DECIDED,
        Mark.NOT_RUN,
        Mark.NOT_SELECTED,
        Mark.VERIFIED,
    )
    return next((one for one in order if counts[one]), Mark.NOT_APPLICABLE)


def upstream(thread: str) -> str:
    """The address of a thread: an address, or ``owner/project#number`` on GitHub."""
    if thread.startswith(("https://", "http://")):
        return thread
    project, _, number = thread.partition("#")
    return f"https://github.com/{project}/issues/{number}"


def install(entry: Deviation) -> str:
    """The command that installs the newest release that has a deviation, or nothing."""
    try:
        release = find(entry.release)
    except UnknownImplementation:
        return ""
    if not entry.verified or release.requirements is None:
        return ""
    words = (*release.requirements(entry.verified[-1]), *entry.requirements)
    return "pip install " + " ".join(f"'{word}'" for word in words)


def _axes(matrix: Matrix) -> Iterator[tuple[str, str, list[str]]]:
    axes: dict[str, Callable[[Column], str]] = {
        "implementation": lambda c: c.implementation,
        "version": lambda c: c.version,
        "dialect": lambda c: c.dialect,
        "backend": lambda c: c.backend,
        "driver": lambda c: c.driver,
    }
    for name, of in axes.items():
        yield name, name.capitalize(), [one for one in _unique(map(of, matrix.columns)) if one]


def _unique(values: Any) -> list[Any]:
    return list(dict.fromkeys(values))


def _when(matrix: Matrix) -> str:
    """The days of the runs."""
    days = sorted({column.started[:10] for column in matrix.columns if column.started})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else ""


Answer = tuple[str, list[tuple[str, list[Column]]]]


def _topics(matrix: Matrix) -> Iterator[tuple[str, list[Answer]]]:
    """What was observed: topic, and each answer, the commonest first, with the kinds of cells that gave it, the
    releases of each."""
    for topic in _unique(topic for column in matrix.columns for topic in column.census):
        answers: dict[str, list[Column]] = {}
        for column in matrix.columns:
            if topic in column.census:
                answers.setdefault(column.census[topic], []).append(column)
        ordered = sorted(answers.items(), key=lambda one: (-len(one[1]), one[0]))
        yield topic, [(answer, _kinds(these)) for answer, these in ordered]


def _kinds(columns: Sequence[Column]) -> list[tuple[str, list[Column]]]:
    kinds: dict[str, list[Column]] = {}
    for column in columns:
        kinds.setdefault(" · ".join((column.implementation, *column.rest)), []).append(column)
    return list(kinds.items())


def _shown(pair: Pair) -> Iterator[tuple[Test, str, str, Picture | None]]:
    """Each failing test of a pair with what was seen, what was expected, and its picture."""
    for test in sorted(pair.tests, key=lambda one: (bool(one.deviation), one.name)):
        seen, expected = clash(test.message)
        events = test.failure.get("events", ())
        yield test, seen, expected, draw(events, test.message) if events else None


def clash(message: str) -> tuple[str, str]:
    """What a message says was seen, and what it says was expected; nothing where it does not say so."""
    seen, found, expected = message.strip().partition("; expected ")
    return (seen, expected.removeprefix("that ")) if found else ("", "")


def _between(values: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Each value with the one before and the one after it."""
    padded = [None, *values, None]
    return ((padded[n], padded[n - 1], padded[n + 1]) for n in range(1, len(values) + 1))
