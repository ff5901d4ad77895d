"""What is known of each release without a run: the pages that say so are current, and what they say is right."""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from callback_conformance import ledger, places
from callback_conformance.findings import upgrades, write
from callback_conformance.findings.recorded import Findings, RecordedCell, read_findings
from callback_conformance.ledger import BadEntry, Impact, read_symptoms, worst_first
from tests.command import typed


@pytest.fixture(scope="module")
def findings() -> Findings:
    return read_findings()


def cell(findings: Findings, id: str) -> RecordedCell:
    """The cell of this id."""
    return next(each for each in findings.cells if each.spec.id == id)


def test_the_pages_say_what_is_recorded(findings: Findings) -> None:
    stale = [str(file.relative_to(places.ROOT)) for file in write.stale(write.pages(findings))]
    assert stale == [], "run `make docs`"


def test_a_page_that_says_something_else_is_stale(findings: Findings, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# Title\n{write.BEGIN}74 of 226\n{write.END}\nmore\n")
    first = write.pages(findings, tmp_path)
    assert write.write(first) == list(first)
    assert write.stale(write.pages(findings, tmp_path)) == []
    page = tmp_path / "docs" / "results" / "features.md"
    page.write_text(page.read_text().replace("1 of ", "2 of ", 1))
    assert write.stale(first) == [page]
    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith("# Title\n")
    assert readme.endswith(f"{write.END}\nmore\n")


def test_a_checkout_without_a_place_for_the_table_is_an_error(
    findings: Findings, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("# Title\n")
    with pytest.raises(write.NoCheckout, match="no lines"):
        write.pages(findings, tmp_path)


def test_the_picture_in_readme_shows_what_is_recorded(findings: Findings) -> None:
    drawn = (places.ROOT / "docs" / "run.svg").read_text(encoding="utf-8")
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", drawn)).split())
    newest = cell(findings, f"dash@{findings.versions('dash')[-1]}-background-diskcache-wire")
    chapter = re.search(r"-k test_(\d\d)", words)
    assert chapter
    applicable, _ = newest.of_chapter(int(chapter[1]))
    violated = newest.violated.keys() & failing_in(f"test_{chapter[1]}", newest.version)
    assert (
        f"{newest.words} (background): {len(violated)} of {applicable} selected requirements"
        in words
    ), "run `make picture`"


def failing_in(module: str, version: str) -> set[str]:
    """The requirements that tests of a module of the suite are known to fail on a release of Dash."""
    [file] = (places.ROOT / "conformance").glob(f"{module}_*.py")
    text = file.read_text(encoding="utf-8")
    recorded = tomllib.loads((places.ROOT / "conformance/expected/dash.toml").read_text())
    return {
        failure["requirement"]
        for failure in recorded["failure"]
        if SpecifierSet(failure.get("versions", "")).contains(version)
        if any(f"def {test}(" in text for test in failure["tests"])
    }


def test_every_link_of_a_page_leads_to_a_file(findings: Findings) -> None:
    missing = {
        f"{page.name}: {target}"
        for page, text in write.pages(findings).items()
        for target in _targets(text)
        if not (page.parent / target).exists()
    }
    assert missing == set()


def _targets(text: str) -> set[str]:
    links = (part.partition(")")[0].partition("#")[0] for part in text.split("](")[1:])
    return {link for link in links if link and not link.startswith("http")}


def test_what_applies_depends_on_dialect_backend_and_release(findings: Findings) -> None:
    newest = cell(findings, "dash@4.4.1-background-diskcache-wire")
    ids = {each.id for each in newest.applicable}
    assert {"RUN-1", "UPDATE-2"} <= ids
    assert "STATUS-1" not in ids  # of another dialect
    assert "QUEUE-1" not in ids  # of a backend with a queue
    assert "RUN-6" not in ids  # what a third party's document alone states
    older = cell(findings, "dash@2.9.3-background-diskcache-wire")
    assert "UPDATE-2" not in {each.id for each in older.applicable}  # it has no set_props


def test_what_is_violated_is_what_is_expected_to_fail(findings: Findings) -> None:
    newest = cell(findings, "dash@4.4.1-background-diskcache-wire")
    assert [each.id for each in newest.violated["ISO-1"]] == ["dash-sessions-share-result"]
    assert "OUTAGE-4" not in newest.violated  # with Celery alone
    assert newest.deviations[0].impact == Impact.LEAK
    assert all(not each.violated for each in findings.ours)


def test_an_upgrade_names_what_appears_and_what_goes(findings: Findings) -> None:
    compared = upgrades.of_releases(findings, "dash@3.0.4", "dash@3.1.1")
    assert [each.id for each in compared.goes] == ["dash-coroutine-job-is-success"]
    back = upgrades.of_releases(findings, "dash@3.1.1", "dash@3.0.4")
    assert [each.id for each in back.appears] == ["dash-coroutine-job-is-success"]
    older = upgrades.of_releases(findings, "dash@2.9.3", "dash@4.4.1")
    assert older.dropped == ("long_callback",)
    assert "UPDATE-2" in older.offered
    assert "UPDATE-2" in older.offered_violated


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("dash@9", "dash@4.4.1", "the matrix has no release 'dash@9'; choose from "),
        ("dash@4.4.1", "taipy@4.1.2", "have no dialect and backend in common in the matrix"),
    ],
)
def test_an_upgrade_between_what_cannot_be_compared_is_an_error(
    old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("findings", "upgrade", old, new) == 2
    assert message in capsys.readouterr().err


def test_what_is_printed_of_a_release_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("findings", "show", "taipy@4.1.2", "gevent") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("taipy 4.1.2 on gevent (taipy): ")
    assert lines[1].startswith("  leak: ")
    assert max(map(len, lines)) <= 80


def test_what_a_user_sees_names_entries_of_the_ledger(tmp_path: Path) -> None:
    entries = ledger.read_ledger(ledger.LEDGER)
    (tmp_path / "symptoms.toml").write_text(
        '[[symptom]]\nname="x"\ntitle="X"\nwords=""\ndeviations=["dash-nothing"]\n'
    )
    with pytest.raises(BadEntry, match="'x' lists 'dash-nothing', which is no entry"):
        read_symptoms(entries, tmp_path)


def test_the_worst_of_one_impact_is_what_users_see_first() -> None:
    entries = ledger.read_ledger(ledger.LEDGER)
    ranked = worst_first(entries, read_symptoms(entries))
    assert [each.impact for each in ranked] == sorted(
        (each.impact for each in ranked), key=list(Impact).index
    )
    assert ranked[0].id == "dash-sessions-share-result"
