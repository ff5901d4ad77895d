"""The table of the documents' statements: what of it can be checked where the documents are not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from callback_conformance.spec import specification as spec
from tests.suite import suite_tests
from tools import sources, traceability
from tools.traceability import Row, Table

SPECIFICATION = spec.parse("""\
## 1. Running

#### RUN-1

> It **MUST** hold.

background · dash-long-callbacks "Long Callbacks", "Running"

#### RUN-2

> It **MUST** be derived.

background · derived: nobody would forgive it
""")
TEXT = """\
# ![](/python.svg) Long Callbacks

It runs (e.g. for
long). It ends! `x` is it, see
[there](/there).

## Running

  * First.
  * A longer
item. Two.

    1. Nested.


    import x  # Trailing words

    ## Marked
    x.run()

![A picture](./a-
b.png)
"""


def table() -> Table:
    """The table of this repository."""
    return traceability.load(traceability.TABLE.read_text(encoding="utf-8"))


def appendix(letter: str) -> str:
    """The text of an appendix that has a file of its own."""
    (file,) = (spec.SPEC.parent / "docs").glob(f"spec-{letter}-*.md")
    return file.read_text(encoding="utf-8")


def test_the_table_has_no_fault() -> None:
    ours = spec.parse(spec.SPEC.read_text(encoding="utf-8"))
    assert traceability.faults(table(), ours) == []


def test_each_reason_is_given_and_explained_in_appendix_c() -> None:
    mapping = table()
    explained = re.findall(r"^\| `([a-z0-9-]+)` \|", appendix("c"), flags=re.MULTILINE)
    assert explained == list(mapping.reasons)
    assert {reason for row in mapping.rows for reason in row.reasons} == set(mapping.reasons)


def programs() -> list[list[str]]:
    """The rows of appendix D, cell by cell."""
    lines = re.findall(
        r"^\| ((?:taipy|dash)-[a-z-]+ \| \d.*) \|$", appendix("d"), flags=re.MULTILINE
    )
    return [line.split(" | ") for line in lines]


def test_each_program_has_its_row_in_appendix_d() -> None:
    listed = [(document, int(ordinal)) for document, ordinal, *_ in programs()]
    assert listed == [(row.document, row.ordinal) for row in table().rows if row.kind == "program"]


def test_each_scenario_of_appendix_d_is_a_test_of_the_documents_programs() -> None:
    named = {name for *_, scenario in programs() for name in re.findall(r"`(test_\w+)`", scenario)}
    tested = {test.name for test in suite_tests() if test.module.startswith("test_a_documents")}
    assert named == tested


def test_a_markdown_text_is_split_into_headings_sentences_programs_and_pictures() -> None:
    statements = [
        (statement.section, statement.kind, statement.text.strip())
        for statement in sources.split(TEXT)
    ]
    assert statements == [
        ("Long Callbacks", "heading", "Long Callbacks"),
        ("Long Callbacks", "sentence", "It runs (e.g. for long)."),
        ("Long Callbacks", "sentence", "It ends!"),
        ("Long Callbacks", "sentence", "`x` is it, see [there](/there)."),
        ("Running", "heading", "Running"),
        ("Running", "sentence", "First."),
        ("Running", "sentence", "A longer item."),
        ("Running", "sentence", "Two."),
        ("Running", "sentence", "Nested."),
        ("Running", "program", "import x  # Trailing words\n\n    ## Marked\n    x.run()"),
        ("Running", "comment", "Trailing words"),
        ("Running", "comment", "Marked"),
        ("Running", "picture", "![A picture](./a- b.png)"),
    ]


def test_a_numbered_listing_is_read_with_its_signatures_and_docstrings() -> None:
    lines = [
        "# Title",
        "",
        "```python { .api }",
        "class X:",
        "def __init__(",
        "self,",
        "by: str",
        "):",
    ]
    lines += ['"""', "Makes.", "", "- by: What.", '"""', "```"]
    numbered = "".join(f"{number}\n" + (line and f"{line}\n") for number, line in enumerate(lines))
    statements = [
        (statement.kind, statement.text)
        for statement in sources.split(numbered)
        if statement.kind != "program"
    ]
    assert statements == [
        ("heading", "Title"),
        ("signature", "class X:"),
        ("signature", "by: str"),
        ("docstring", "Makes."),
        ("docstring", "- by: What."),
    ]


def test_a_text_without_marks_is_split_into_headings_sentences_and_programs() -> None:
    text = "A title\n\nIt begins. It goes on:\n\n...\n\ndef f(x):\n    ...\n\nIt ends.\n"
    statements = [(statement.kind, statement.text) for statement in sources.split(text)]
    assert statements == [
        ("heading", "A title"),
        ("sentence", "It begins."),
        ("sentence", "It goes on:"),
        ("program", "...\ndef f(x):\n    ..."),
        ("sentence", "It ends."),
    ]


def test_front_matter_is_data() -> None:
    statements = sources.split("---\ntitle: A\n---\nA text.\n# A heading\n")
    assert [statement.kind for statement in statements] == ["data", "sentence", "heading"]


def rows(text: str = TEXT) -> tuple[Row, ...]:
    """A row for each statement of a text, with one id under each heading."""
    return tuple(
        Row("dash-long-callbacks", statement.ordinal, statement.hash, statement.kind, ("RUN-1",))
        for statement in sources.split(text)
    )


def test_a_table_that_fits_its_document_differs_in_nothing() -> None:
    assert differences(rows()) == []


def differences(mapped: tuple[Row, ...], text: str = TEXT) -> list[str]:
    """What ``traceability.differences`` says of these rows and this text."""
    texts = {"dash-long-callbacks": sources.split(text)}
    return traceability.differences(Table({}, mapped), SPECIFICATION, texts)


def test_a_statement_without_a_row_is_unmapped() -> None:
    [problem] = differences(rows()[:-1])
    assert problem.startswith("dash-long-callbacks 13: unmapped: '![A picture]")


def test_a_statement_that_was_changed_is_stale() -> None:
    [problem] = differences(rows(), TEXT.replace("Two.", "Three."))
    assert problem.startswith("dash-long-callbacks 8: stale: it is now ")


def test_white_space_does_not_make_a_statement_stale() -> None:
    assert differences(rows(), TEXT.replace("A longer\nitem", "A  longer item")) == []


def test_a_row_too_many_is_reported() -> None:
    extra = replace(rows()[-1], ordinal=14)
    problems = differences((*rows(), extra))
    assert problems == ["dash-long-callbacks 14: the document has no such statement"]


def test_a_cited_heading_needs_a_row_beneath_it() -> None:
    bare = tuple(replace(row, words=("x",)) if row.ordinal > 4 else row for row in rows())
    problems = differences(bare)
    assert problems == ['dash-long-callbacks: RUN-1 cites "Running", where no row names it']


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ((), "expected ids or one reason, found nothing"),
        (("RUN-9",), "unknown ids RUN-9"),
        (("joke",), "unknown reasons joke"),
        (("praise", "history"), "expected ids or one reason, found praise history"),
        (("RUN-1", "praise"), "expected ids or one reason, found RUN-1 praise"),
        (("history", "conflict"), "expected ids or one reason, found history conflict"),
        (("RUN-2",), "RUN-2 is named, and does not cite it"),
        (("praise",), "RUN-1 cites it, and no row names RUN-1"),
    ],
)
def test_a_row_is_refused(words: tuple[str, ...], fault: str) -> None:
    row = Row("dash-long-callbacks", 1, "00000000", "sentence", words)
    reasons = {"praise": "", "history": "", **dict.fromkeys(traceability.BESIDE, "")}
    problems = traceability.faults(Table(reasons, (row,)), SPECIFICATION)
    assert any(fault in problem for problem in problems)


@pytest.mark.parametrize(
    "words",
    [("RUN-1",), ("conflict",), ("RUN-1", "conflict"), ("RUN-1", "RUN-2", "conflict")],
)
def test_a_row_is_accepted(words: tuple[str, ...]) -> None:
    row = Row("dash-long-callbacks", 1, "00000000", "sentence", words)
    problems = traceability.faults(
        Table(dict.fromkeys(traceability.BESIDE, ""), (row,)), SPECIFICATION
    )
    assert not [
        problem for problem in problems if "expected ids" in problem or "unknown" in problem
    ]


def test_ordinals_have_no_gap() -> None:
    row = Row("dash-long-callbacks", 2, "00000000", "sentence", ("RUN-1",))
    problems = traceability.faults(Table({}, (row,)), SPECIFICATION)
    assert "dash-long-callbacks: its ordinals do not count from 1 without a gap" in problems


def test_the_command_prints_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in sources.NAMES:
        (tmp_path / f"{name}.md").write_text("# Another\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["traceability", str(tmp_path), "--show"])
    with pytest.raises(SystemExit) as stopped:
        traceability.main()
    assert stopped.value.code == 1
    printed = capsys.readouterr().out
    assert "taipy-guide 1 heading [heading]\nAnother\n" in printed
    assert "taipy-guide 1: stale: it is now" in printed


@pytest.mark.parametrize("text", [None, "---\n# A\n", "```\n# code"])
def test_a_document_that_cannot_be_read_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
) -> None:
    if text is not None:
        (tmp_path / "taipy-guide.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["traceability", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        traceability.main()
    assert stopped.value.code == 2
    assert f"error: {tmp_path / 'taipy-guide.md'}" in capsys.readouterr().err
