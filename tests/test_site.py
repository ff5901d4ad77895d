"""The site: what it holds, where its links lead, what it weighs. ``test_site_browser.py`` opens it."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from callback_conformance.findings.recorded import Findings
from callback_conformance.site.build import NoSite, build
from callback_conformance.site.facts import faults, fixed, matrix_of, scores
from callback_conformance.site.prose import render
from tests.command import typed
from tests.conftest import RUN

MOST_BYTES = 15_000_000
#: Addresses that others may have kept: each must lead to the same thing for ever.
KEPT = (
    "requirements/RUN-1.html",
    "spec/5-running.html#run-1",
    "ledger/dash/read-then-delete.html#dash-progress-lost-during-poll",
    "cells/dash@4.4.1-background-diskcache-wire.html",
    "cells/dash@4.4.1-background-celery~redis-wire.html",
    "releases/dash@2.18.2.html",
    "badges/dash@4.4.1-background-diskcache-wire.svg",
    "symptoms.html#disabled-button",
    "glossary.html",
    "guides/your-own-backend.html",
    "guides/verdicts.html",
    "compare.html",
    "upstream.html",
)


class Page(HTMLParser):
    """The addresses on a page, and its ids."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        #: (tag, address)
        self.links: list[tuple[str, str]] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src"):
                self.links.append((tag, value or ""))


@cache
def page(file: Path) -> Page:
    return Page(file)


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def leads_to_nothing(file: Path, address: str) -> bool:
    """True where a link's file does not exist, or has no such anchor."""
    path, _, anchor = unquote(address).partition("#")
    target = (file.parent / path).resolve() if path else file
    if not target.is_file():
        return True
    return bool(anchor) and "=" not in anchor and anchor not in page(target).ids


def test_every_link_leads_to_something(site: Path) -> None:
    broken = {
        f"{file.relative_to(site)}: {address}"
        for file in pages(site)
        for _, address in page(file).links
        if not re.match(r"[a-z]+:", address) and leads_to_nothing(file, address)
    }
    assert broken == set()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = {
        address
        for file in pages(site)
        for tag, address in page(file).links
        if tag != "a" and re.match(r"(https?:)?//", address)
    }
    assert loaded == set()
    styles = [file.read_text(encoding="utf-8") for file in site.glob("*.css")]
    assert styles
    assert not any("url(" in style or "@import" in style for style in styles)


def test_an_id_stands_once_on_a_page(site: Path) -> None:
    twice = {
        f"{file.relative_to(site)}: {id}"
        for file in pages(site)
        for id in page(file).ids
        if page(file).ids.count(id) > 1
    }
    assert twice == set()


def test_it_weighs_little(site: Path) -> None:
    weight = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    assert weight < MOST_BYTES


@pytest.mark.parametrize("address", KEPT)
def test_an_address_is_permanent(site: Path, address: str) -> None:
    assert not leads_to_nothing(site / "index.html", address)


def test_everything_has_an_address(site: Path, findings: Findings) -> None:
    wanted = {
        *(f"requirements/{id}.html" for id in findings.specification.requirements),
        *(
            f"ledger/{each.release}/{each.fault.slug}.html#{each.id}"
            for each in findings.deviations
        ),
        *(f"symptoms.html#{symptom.name}" for symptom in findings.symptoms),
        *(
            f"releases/{cell.spec.release}.html"
            for cell in findings.cells
            if cell.version in cell.spec.release
        ),
    }
    assert {
        address for address in wanted if leads_to_nothing(site / "index.html", address)
    } == set()


def test_a_requirements_page_says_who_violates_it(site: Path) -> None:
    text = (site / "requirements" / "RESULT-7.html").read_text(encoding="utf-8")
    assert "#dash-result-lost-at-job-end" in text
    assert "dash 4.4.1 · background · diskcache: violated" in text
    assert "dash_style · background · diskcache: verified" in text


def test_a_faults_page_stands_alone(site: Path) -> None:
    text = (site / "ledger" / "dash" / "read-then-delete.html").read_text(encoding="utf-8")
    for words in (
        "plotly/dash#2828",
        "2.9",
        "no release",
        "deviates()",
        "Read and delete in one step",
    ):
        assert words in text


def test_the_better_of_two_cells_has_the_lower_rank(findings: Findings) -> None:
    scored = scores(findings, matrix_of(findings))
    ranks = [score.rank for score in scored.values()]
    assert ranks == sorted(ranks)
    ours = scored["dash_style-background-diskcache-wire"]
    dash = scored["dash@4.4.1-background-diskcache-wire"]
    assert (ours.percent, ours.kept) == (100, len(ours.cell.applicable))
    assert dash.kept == len(dash.cell.applicable) - len(dash.cell.violated)
    assert dash.percent == 100 * dash.kept // len(dash.cell.applicable)
    assert ours.rank < dash.rank


def test_a_fault_is_fixed_once_all_of_it_is(findings: Findings) -> None:
    for view in faults(findings):
        versions = findings.versions(view.release)
        gone = view.fixed_in(findings)
        has_it = [each for each in versions if any(entry.occurs_in(each) for entry in view.entries)]
        assert gone[0].isdigit() == (versions[-1] not in has_it), view.fault.slug
    entry = next(each for each in findings.deviations if each.versions == "==0.3.0")
    assert fixed(entry, findings) == "0.4.0"


def test_headings_skip_no_level_and_have_the_anchors_of_the_forge() -> None:
    prose = render("## 5. Running\n\n#### RUN-1\n\n### More `code`\n\n#### RUN-1\n", str)
    assert [(section.level, section.id) for section in prose.sections] == [
        (1, "5-running"), (2, "run-1"), (2, "more-code"), (3, "run-1-1"),
    ]  # fmt: skip


def test_a_folder_with_something_else_is_left_alone(findings: Findings, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NoSite, match="something else"):
        build(findings, tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_run_without_pages_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("findings", "site", "--out", str(tmp_path / "s"), "--run", str(tmp_path)) == 2
    assert "callback-conformance report" in capsys.readouterr().err


def test_the_pages_of_a_run_are_a_part_of_it(site: Path) -> None:
    assert ("a", "run/index.html") in page(site / "index.html").links
    assert (site / "run" / "index.html").read_text(encoding="utf-8") == RUN
