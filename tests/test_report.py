"""The pages and the data of a report, from made-up runs."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import jsonschema
import pytest

from callback_conformance.report import build
from callback_conformance.report.matrix import read, slug
from callback_conformance.report.text import clash, upstream
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, CellState
from callback_conformance.results.json_file import BadFile
from callback_conformance.results.matrix_file import PublishedCell, read_matrix_report
from callback_conformance.results.report_file import write_run_report
from callback_conformance.spec.specification import load
from tests.command import typed
from tests.reports import DEVIATION, EVIL, cell, run, write_matrix, write_run

WITHOUT_WORKERS = "diskcache lacks workers that take jobs from a queue"
OURS = cell("dash_style", excluded={"WORKER-1": WITHOUT_WORKERS})
NEW = cell(violated={"RESULT-9": DEVIATION, "RESULT-7": ""}, undecided=["BG-2"])
OLD = cell("dash@2.5.1", "long_callback", violated={"RESULT-9": DEVIATION})
THIRD = cell("mine.package:it", backend="some.module:factory")
ABSENT = CellResult(
    CellSpec("taipy@2.0.0", "taipy", "thread"),
    CellState.NOT_INSTALLED,
    f"no wheel for this Python {EVIL}",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a matrix of five cells."""
    matrix = write_matrix(tmp_path_factory.mktemp("m"), [OLD, THIRD, NEW, OURS], [ABSENT])
    return build(matrix, link="https://example.org/matrix/").parent


def published(folder: Path) -> tuple[PublishedCell, ...]:
    """The cells of the report's data."""
    return read_matrix_report(folder / "matrix.json").cells


# What is written.


def test_its_data_is_what_its_schema_says(folder: Path) -> None:
    schema = json.loads((folder / "matrix.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads((folder / "matrix.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)


def test_the_schema_rejects_an_unknown_verdict(folder: Path) -> None:
    schema = json.loads((folder / "matrix.schema.json").read_text(encoding="utf-8"))
    data = json.loads((folder / "matrix.json").read_text(encoding="utf-8"))
    data["cells"][0]["verdicts"]["BG-1"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(data)


def test_the_newest_of_each_release_stands_first_and_ours_last(folder: Path) -> None:
    releases = [cell.release for cell in published(folder)]
    assert releases == ["dash@4.4.1", "dash@2.5.1", "mine.package:it", "taipy@2.0.0", "dash_style"]


def test_its_data_tells_new_violations_from_known_ones(folder: Path) -> None:
    [new] = [cell for cell in published(folder) if cell.release == "dash@4.4.1"]
    assert new.verdicts["RESULT-9"] == "violated"
    assert new.verdicts["RESULT-7"] == "violated, new"
    assert new.verdicts["BG-2"] == "not decided"
    assert set(new.failing) == {"RESULT-9", "RESULT-7", "BG-2"}
    assert new.failing["RESULT-9"].deviations == (DEVIATION,)


def test_its_data_counts_violations_by_what_the_requirement_rests_on(folder: Path) -> None:
    by_release = {cell.release: cell.violated_by_basis for cell in published(folder)}
    assert by_release["dash@4.4.1"] == {"derived": 2}
    assert by_release["dash_style"] == {}
    data = json.loads((folder / "matrix.json").read_text(encoding="utf-8"))
    requirements = data["specification"]["requirements"]
    assert requirements["RUN-6"]["basis"] == {"background": "third-party document"}
    assert requirements["PROG-12"]["basis"]["background"] == "document"
    page = (folder / "requirements/RUN-6.html").read_text(encoding="utf-8")
    assert "<dt>Basis</dt><dd>third-party document</dd>" in page
    assert "✗ by derived" in (folder / "matrix.md").read_text(encoding="utf-8")


def test_a_cell_that_did_not_run_says_why(folder: Path) -> None:
    [absent] = [cell for cell in published(folder) if cell.state != "ran"]
    assert (absent.state, absent.reason) == ("not installed", ABSENT.reason)
    assert absent.verdicts["STATUS-1"] == "did not run"
    assert absent.verdicts["RUN-1"] == "not applicable"
    for page in (folder / "index.html", folder / absent.page):
        text = page.read_text(encoding="utf-8")
        assert "not installed" in text
        assert "no wheel for this Python" in text


def test_the_same_runs_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder.parent / "cells", tmp_path / "cells")
    again = build(tmp_path, link="https://example.org/matrix/").parent
    assert hashes(again) == hashes(folder)


def hashes(folder: Path) -> dict[str, str]:
    """Each file below a folder."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_report_that_is_built_again_holds_nothing_of_the_one_before(tmp_path: Path) -> None:
    write_run(tmp_path, NEW)
    first = set(hashes(build(tmp_path).parent))
    write_run(tmp_path, OURS)
    second = set(hashes(build(tmp_path).parent))
    assert {name for name in first - second if "pairs/" in name}
    assert not {name for name in second if "pairs/" in name}


def test_junit_has_a_suite_for_each_cell_in_which_only_news_is_red(folder: Path) -> None:
    suites = ElementTree.parse(folder / "junit.xml").getroot().findall("testsuite")
    counts = {
        suite.attrib["name"]: tuple(suite.attrib[name] for name in ("failures", "errors"))
        for suite in suites
    }
    assert counts["dash_style · background · diskcache"] == ("0", "0")
    assert counts["dash 4.4.1 · background · diskcache"] == ("1", "1")
    assert counts["dash 2.5.1 · long_callback · diskcache"] == ("0", "0")
    for suite in suites:
        for kind, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{kind}")) == int(suite.attrib[name])
        assert len(suite.findall("testcase")) == int(suite.attrib["tests"])


def test_a_badge_has_the_form_that_shields_reads(folder: Path) -> None:
    badges = [
        json.loads(file.read_text(encoding="utf-8")) for file in (folder / "badges").iterdir()
    ]
    assert {frozenset(badge) for badge in badges} == {
        frozenset({"schemaVersion", "label", "message", "color"})
    }
    colours = {badge["label"]: badge["color"] for badge in badges}
    assert colours["dash_style · background · diskcache"] == "brightgreen"
    assert colours["dash 4.4.1 · background · diskcache"] == "red"
    assert colours["dash 2.5.1 · long_callback · diskcache"] == "yellow"
    assert colours["taipy 2.0.0 · taipy · thread"] == "lightgrey"


def test_the_table_for_a_readme_leads_to_where_the_pages_are_published(folder: Path) -> None:
    rows = (folder / "matrix.md").read_text(encoding="utf-8").splitlines()
    assert len({row.count("|") for row in rows}) == 1
    assert (
        "](https://example.org/matrix/cells/dash_style-background-diskcache-wire.html)" in rows[-1]
    )
    assert r"long\_callback" in next(row for row in rows if "2.5.1" in row)


# Pages.


class Links(HTMLParser):
    """The addresses that a page names, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            if name == "id" and value:
                self.ids.add(value)


def test_each_link_leads_to_a_page_and_a_place_in_it(folder: Path) -> None:
    pages = {
        file.resolve(): Links(file.read_text(encoding="utf-8")) for file in folder.rglob("*.html")
    }
    for file, page in pages.items():
        for target in page.targets:
            if target.startswith(("https://", "data:")):
                continue
            path, place = urldefrag(target)
            linked = (file.parent / unquote(path)).resolve() if path else file
            assert linked.is_file(), f"{file.name} leads to {target}"
            if place and "=" not in place:
                assert place in pages[linked].ids, f"{file.name} leads to {target}"


def test_nothing_is_fetched_from_elsewhere(folder: Path) -> None:
    for file in folder.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"""(src|<link[^>]*href)=["']?(https?:)?//""", text), file
    for name in ("report.css", "report.js"):
        assert "http" not in (folder / name).read_text(encoding="utf-8")


def test_what_comes_from_a_run_is_escaped_everywhere(folder: Path) -> None:
    pages = {file: file.read_text(encoding="utf-8") for file in folder.rglob("*.html")}
    assert any("&lt;/script&gt;&lt;script&gt;alert(" in text for text in pages.values())
    for file, text in pages.items():
        assert "<script>alert" not in text, file
        assert "<img" not in text, file
        assert text.count("<script") == 2, file  # its own two


def test_each_failing_pair_has_a_page_with_all_that_is_known(folder: Path) -> None:
    text = (folder / "pairs/dash@4.4.1-background-diskcache-wire/RESULT-9.html").read_text()
    for part in ("RESULT-9", "After a callback is triggered", "MUST", "derived:", "✗", "violated",
                 f"deviations.html#{DEVIATION}", "<svg", "the user clicks run", "job-1", "app.py",
                 "data.txt", "probe.py", "pytest &#39;conformance/test_x.py", "Run it again"):  # fmt: skip
        assert part in text, part


def test_a_requirement_that_nothing_decided_has_a_page_that_says_so(folder: Path) -> None:
    text = (folder / "pairs/dash@4.4.1-background-diskcache-wire/BG-2.html").read_text()
    assert "No test of it completed" in text


def test_what_does_not_apply_to_a_backend_says_why(folder: Path) -> None:
    assert published(folder)[-1].reasons == {"WORKER-1": WITHOUT_WORKERS}
    for page in ("requirements/WORKER-1.html", "cells/dash_style-background-diskcache-wire.html"):
        assert (folder / page).read_text(encoding="utf-8").count(WITHOUT_WORKERS) == 1, page


def test_the_ledger_names_the_pairs_that_show_a_deviation(folder: Path) -> None:
    text = (folder / "deviations.html").read_text(encoding="utf-8")
    entry = text[text.index(f'id="{DEVIATION}"') :].partition("</article>")[0]
    assert 'href="pairs/dash@4.4.1-background-diskcache-wire/RESULT-9.html"' in entry
    assert 'href="pairs/dash@2.5.1-long_callback-diskcache-wire/RESULT-9.html"' in entry
    assert "raise SystemExit" in entry or "sys.exit" in entry
    assert "pip install" in entry


def test_the_observations_name_who_does_what(folder: Path) -> None:
    text = (folder / "observations.html").read_text(encoding="utf-8")
    assert "an older job" in text
    assert text.count('.html">') > 3


def test_a_single_run_gives_the_same_pages(tmp_path: Path) -> None:
    index = build(write_run(tmp_path, OURS, NEW))
    assert index == tmp_path / "report" / "index.html"
    assert len(published(index.parent)) == 2


# What cannot be read.


def test_a_folder_without_runs_raises_and_says_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("report", str(tmp_path)) == 2
    assert "--report=" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:1000], "is not valid JSON"),
        (lambda text: text.replace('"release"', '"asked"'), r"form .*: cells\[0\].cell.release is missing"),
        (lambda text: text.replace('"seconds": 12.5', '"seconds": "12.5"'), 'seconds is "12.5"; expected a number'),
        (lambda text: text.replace('"verified"', '"fine"'), r'\[BG-1\].verdict is "fine"; choose from verified, '),
    ],
    ids=["cut short", "of another version", "another type", "an unknown verdict"],
)  # fmt: skip
def test_a_wrong_report_raises_and_says_where(
    tmp_path: Path, change: Callable[[str], str], message: str
) -> None:
    file = write_run(tmp_path, OURS) / "report.json"
    file.write_text(change(file.read_text()))
    with pytest.raises(BadFile, match=rf"report\.json .*{message}"):
        read(tmp_path)


def test_a_run_of_an_older_specification_is_read_and_its_page_says_so(tmp_path: Path) -> None:
    without = {id: each for id, each in OURS.requirements.items() if id != "BG-1"}
    older = dataclasses.replace(OURS, requirements=without)
    write_run_report(tmp_path, dataclasses.replace(run(older), specification="0" * 64))
    report = build(tmp_path).parent
    [only] = published(report)
    assert only.verdicts["BG-1"] == "not selected"
    assert "another edition of the specification" in (report / only.page).read_text()


def test_a_failure_of_which_only_the_message_was_kept_has_a_page(tmp_path: Path) -> None:
    bare = dataclasses.replace(cell(violated={"RESULT-9": ""}), failures={})
    report = build(write_run(tmp_path, bare)).parent
    page = report / "pairs" / slug(bare.cell.id) / "RESULT-9.html"
    assert "out.children is" in page.read_text()


# Small parts.


def test_names_of_files_stay_apart_and_need_no_escape() -> None:
    assert slug("dash@4.4.1-labs-celery+redis-wire") == "dash@4.4.1-labs-celery~redis-wire"
    assert slug("a+b") != slug("a~b")
    assert slug("a:b") != slug("a/b")
    assert re.fullmatch(r"a-b-[0-9a-f]{6}", slug("a:b"))


@pytest.mark.parametrize(
    ("thread", "address"),
    [
        ("plotly/dash#2221", "https://github.com/plotly/dash/issues/2221"),
        ("javascript:alert(1)", "https://github.com/javascript:alert(1)/issues/"),
    ],
)
def test_a_thread_has_an_address(thread: str, address: str) -> None:
    assert upstream(thread) == address


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("x.y is 1; expected 2", ("x.y is 1", "2")),
        ("it was silent; expected that it tells", ("it was silent", "it tells")),
        ("x is 1; expected 2\nthe last answer: 500", ("x is 1\nthe last answer: 500", "2")),
        ("no job started within 10 s", ("", "")),
    ],
)
def test_a_message_is_taken_apart(message: str, parts: tuple[str, str]) -> None:
    assert clash(message) == parts


def test_every_requirement_has_a_page(folder: Path) -> None:
    pages = {file.stem for file in (folder / "requirements").iterdir()}
    assert pages == set(load().requirements)
