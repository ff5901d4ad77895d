"""``make site``: the pages, written into a folder that opens from disk and needs no server and no network."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from callback_conformance import places
from callback_conformance.findings.markdown import named
from callback_conformance.findings.overview import COLUMNS, newest_table, worst_list
from callback_conformance.findings.recorded import Findings
from callback_conformance.findings.reports import is_in_newest
from callback_conformance.findings.upgrades import upgrade
from callback_conformance.ledger import Deviation, Impact, Symptom, export, issue, since
from callback_conformance.ledger.fault_report import IMPACTS
from callback_conformance.report import pages
from callback_conformance.report.matrix import CellView, Matrix
from callback_conformance.report.symbols import MatrixSymbol
from callback_conformance.site import addresses, facts, scripts
from callback_conformance.site.badge import badge
from callback_conformance.site.content import Content, read
from callback_conformance.site.facts import FaultView, Score, Trend
from callback_conformance.spec import Requirement

VERIFIED = MatrixSymbol.VERIFIED
TEMPLATES = Path(__file__).with_name("templates")
ASSETS = ("site.css", "site.js", "compare.js")
#: Written last: a folder that has it is a site, and may be written anew.
INDEX = "search-index.js"


class NoSite(RuntimeError):
    """The site cannot be written; the message says why."""


def build(findings: Findings, folder: Path, run: Path | None = None) -> Path:
    """Write the site into ``folder`` anew, and return its ``index.html``. ``run`` is a folder with the report of a matrix,
    which becomes a part of the site. Raises NoSite."""
    if places.INSTALLED or not places.SPEC.is_file():
        raise NoSite("the site is made of a checkout of the repository; here is an installed suite")
    if folder.exists() and any(folder.iterdir()) and not (folder / INDEX).exists():
        raise NoSite(f"{folder} holds something else than a site; name an empty folder")
    if run and not (run / "report" / "index.html").is_file():
        raise NoSite(f"{run} has no pages; `callback-conformance report {run}` makes them")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source, names in ((TEMPLATES, ASSETS), (pages.TEMPLATES, pages.ASSETS)):
        for name in names:
            shutil.copyfile(source / name, folder / name)
    shutil.copyfile(places.ROOT / "docs" / "run.svg", folder / "run.svg")
    if run:
        shutil.copytree(run / "report", folder / "run")
    _site(findings, folder, has_run=bool(run)).write()
    return folder / "index.html"


@dataclass(frozen=True)
class _Site:
    """Fills the templates with what is recorded."""

    findings: Findings
    folder: Path
    matrix: Matrix
    content: Content
    scores: Mapping[str, Score]
    trends: Sequence[Trend]
    faults: Sequence[FaultView]
    environment: Environment

    def write(self) -> None:
        """Write every page, and the search that knows them."""
        newest = self.content.part(newest_table(self.findings, "docs/results/"), "README.md", "")
        worst = self.content.part(worst_list(self.findings, ""), "README.md", "")
        self._page("home", "index.html", newest=newest, worst=worst)
        self._page("ranking", "releases.html", families=self._families())
        self._page("matrix", "matrix.html", **pages.filters(self.matrix))
        trends = [trend for trend in self.trends if len(trend.cells) > 1]
        self._page("features", "features.html", trends=trends)
        self._page("compare", "compare.html")
        self._page("ledger", "ledger/index.html")
        self._page("symptoms", "symptoms.html", symptoms=self._symptoms())
        self._page("upstream", "upstream.html", threads=self._threads)
        self._page("guides", "guides/index.html")
        for text in self.content.texts:
            self._page("prose", text.page, text=text)
        self._cells()
        self._releases()
        self._requirements()
        for view in self.faults:
            self._fault(view)
        self._write("compare-data.js", scripts.compared(self.findings, self.scores.values()))
        index = scripts.search_index(self.findings, self.faults, self.scores.values(), self.content)
        self._write(INDEX, index)

    def _symptoms(self) -> list[Symptom]:
        """What users see; at last what stands under none."""
        listed = {id for symptom in self.findings.symptoms for id in symptom.deviations}
        rest = tuple(each.id for each in self.findings.deviations if each.id not in listed)
        more = [Symptom("something-else", "Something else", "", rest)] if rest else []
        return [*self.findings.symptoms, *more]

    def _threads(self, still: bool) -> list[tuple[str, list[Deviation]]]:
        """The public threads whose deviations the newest release still has, or has no more."""
        threads: dict[str, list[Deviation]] = {}
        for entry in self.findings.deviations:
            for thread in entry.upstream if is_in_newest(self.findings, entry) == still else ():
                threads.setdefault(thread, []).append(entry)
        return sorted(threads.items())

    def _families(self) -> list[tuple[str, str, list[Score]]]:
        """What can take each other's place, the best first: the cells of a framework in one dialect; then ours."""
        families: dict[tuple[str, str], list[Score]] = {}
        for cell in self.matrix.cells:
            families.setdefault((cell.implementation, cell.spec.dialect), [])
        for score in self.scores.values():
            families[score.cell.implementation, score.cell.spec.dialect].append(score)
        return [(*names, several) for names, several in families.items()]

    def _cells(self) -> None:
        for trend in self.trends:
            for cell, earlier, later in pages.with_neighbours(trend.cells):
                score = self.scores[cell.slug]
                self._page("cell", f"cells/{cell.slug}.html", score=score, cell=cell, earlier=earlier, later=later)  # fmt: skip
                self._write(f"badges/{cell.slug}.svg", badge(score))

    def _releases(self) -> None:
        for name in self.findings.releases:
            for version, earlier, later in pages.with_neighbours(self.findings.versions(name)):
                cells = self.findings.of_version(name, version)
                before = earlier and self.findings.of_version(name, earlier)
                shown = {entry for cell in cells for entry in cell.deviations}
                self._page(
                    "release",
                    addresses.release_page(f"{name}@{version}"),
                    title=named(name, version),
                    several=[each for each in self.scores.values() if each.cell in cells],
                    entries=[each for each in self.findings.deviations if each in shown],
                    changes=upgrade(self.findings, before, cells) if before else None,
                    earlier=earlier and f"{name}@{earlier}",
                    later=later and f"{name}@{later}",
                )

    def _requirements(self) -> None:
        for requirement, earlier, later in pages.with_neighbours(self.matrix.requirements):
            shown = {
                entry
                for cell in self.findings.cells
                for entry in cell.violated.get(requirement.id, ())
            }
            self._page(
                "requirement",
                addresses.requirement_page(requirement.id),
                requirement=requirement,
                chapter=self.matrix.specification.chapters[requirement.chapter],
                counts=Counter(cell.pairs[requirement.id].symbol for cell in self.matrix.cells),
                entries=[each for each in self.findings.deviations if each in shown],
                trends=[trend for trend in self.trends if trend.applies([requirement])],
                earlier=earlier and earlier.id,
                later=later and later.id,
            )

    def _fault(self, view: FaultView) -> None:
        programs = {entry.id: export(entry) for entry in view.entries}
        self._page(
            "fault",
            addresses.fault_page(view.release, view.fault.slug),
            view=view,
            programs=programs,
            expected={id: facts.expected(program) for id, program in programs.items()},
            report=issue(view.reported, {}),
        )

    def _page(self, template: str, path: str, **values: object) -> None:
        root = "../" * path.count("/")
        page = self.environment.get_template(f"{template}.html")
        self._write(path, page.render({**values, "here": path, "root": root}))

    def _write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _site(findings: Findings, folder: Path, has_run: bool) -> _Site:
    matrix = facts.matrix_of(findings)
    scores = facts.scores(findings, matrix)
    faults = facts.faults(findings)
    content = read(findings)
    environment = pages.environment(matrix, TEMPLATES, pages.TEMPLATES)
    entries = {entry.id: entry for entry in findings.deviations}

    def deviation_page(id: str) -> str:
        return addresses.entry_page(entries[id])

    def pair_page(cell: CellView, requirement: Requirement) -> str:
        return deviation_page(cell.pairs[requirement.id].deviations[0])

    violating: dict[str, dict[str, None]] = {}
    for cell in findings.cells:
        for id, shown in cell.violated.items():
            for entry in shown:
                violating.setdefault(entry.id, {})[id] = None
    backends = [each.view.slug for each in scores.values() if each.cell in findings.newest]
    environment.globals.update(
        dash_pair=sorted(slug for slug in backends if slug.startswith("dash@"))[::-1],
        violates=lambda entry: list(violating.get(entry.id, ())),
        fixed=lambda entry: facts.fixed(entry, findings),
        kept_ids=lambda cell: {id for id, pair in cell.pairs.items() if pair.symbol == VERIFIED},
        plain_words=lambda words: words.replace("`", ""),
        findings=findings,
        content=content,
        scores=scores,
        faults=faults,
        has_run=has_run,
        Impact=Impact,
        impacts=IMPACTS,
        symptom_columns=COLUMNS,
        since=since,
        named=named,
        fault_page=addresses.fault_page,
        release_page=addresses.release_page,
        deviation_page=deviation_page,
        pair_page=pair_page,
    )
    trends = facts.trends(matrix)
    return _Site(findings, folder, matrix, content, scores, trends, faults, environment)
