"""SPEC.md: its form, what guards its sentences, and its links to the suite.

``python -m tests.test_spec`` writes ``spec_sentences.txt`` anew.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from callback_conformance.spec import specification as spec
from callback_conformance.spec.basis import DOCUMENTS, Basis
from callback_conformance.spec.contents import with_contents
from callback_conformance.spec.specification import MalformedSpecification, Requirement, parse
from tests.command import typed
from tests.suite import SuiteTest, adapters, modules, suite_tests

SENTENCES = Path(__file__).with_name("spec_sentences.txt")
PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"

GOOD = """\
# A specification

## 1. Running

#### RUN-1

> While a job runs, `running` **MUST** hold.

background, labs · dash-long-callbacks "A heading"; dash-labs-long-callback "Another"
Intent: a second click is impossible.

#### RUN-2

> It **SHOULD NOT** flicker.

taipy · derived: nobody would forgive it

An explanation.

## 2. Cancel

#### STOP-10

> It **MUST NOT** go on.

background · dash-background-callbacks-api "A heading"
"""


def test_a_specification_is_read_whole() -> None:
    specification = parse(GOOD)
    assert specification.chapters == {1: "Running", 2: "Cancel"}
    assert specification.requirements["RUN-1"] == Requirement(
        id="RUN-1",
        chapter=1,
        sentence="While a job runs, `running` **MUST** hold.",
        level="MUST",
        dialects=("background", "labs"),
        source='dash-long-callbacks "A heading"; dash-labs-long-callback "Another"',
        basis={"background": Basis.DOCUMENT, "labs": Basis.DOCUMENT},
        intent="a second click is impossible.",
    )
    assert list(specification.requirements) == ["RUN-1", "RUN-2", "STOP-10"]
    assert specification.requirements["RUN-2"].intent == ""
    assert [requirement.id for requirement in specification.of_chapter(2)] == ["STOP-10"]


def test_a_must_binds_and_a_should_does_not() -> None:
    binding = {id: r.binding for id, r in parse(GOOD).requirements.items()}
    assert binding == {"RUN-1": True, "RUN-2": False, "STOP-10": True}


def test_a_plain_sentence_has_no_markup() -> None:
    plain = parse(GOOD).requirements["RUN-1"].plain
    assert plain == "While a job runs, running MUST hold."


def basis(source: str, *dialects: str) -> dict[str, Basis]:
    """The basis of a requirement with this source, after STOP-10 of GOOD."""
    text = f"#### STOP-11\n\n> It **MUST** stop.\n\n{', '.join(dialects)} · {source}\n"
    return dict(parse(f"{GOOD}\n{text}").requirements["STOP-11"].basis)


def test_the_basis_follows_from_the_documents_that_bind_each_dialect() -> None:
    own, api = 'dash-long-callbacks "A"', 'dash-background-callbacks-api "B", "C; D"'
    assert basis(own, "background", "long_callback") == {
        "background": Basis.DOCUMENT,
        "long_callback": Basis.DOCUMENT,
    }
    assert basis(api, "background") == {"background": Basis.THIRD_PARTY_DOCUMENT}
    assert basis(f"{api}; {own}", "background") == {"background": Basis.DOCUMENT}
    labs = f'dash-labs-long-callback "E"; {api}'
    assert basis(labs, "background", "labs") == {
        "background": Basis.THIRD_PARTY_DOCUMENT,
        "labs": Basis.DOCUMENT,
    }


def test_what_is_derived_from_a_third_partys_statement_rests_on_it_too() -> None:
    assert basis("derived: why", "background") == {"background": Basis.DERIVED}
    assert basis("derived from RUN-1: why", "background") == {"background": Basis.DERIVED}
    assert basis("derived from STOP-10: why", "background", "labs") == {
        "background": Basis.THIRD_PARTY_DOCUMENT,
        "labs": Basis.DERIVED,
    }


def test_the_hash_changes_with_any_character() -> None:
    assert parse(GOOD).hash == parse(GOOD).hash != parse(GOOD + "\n").hash


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#### RUN-2", "#### Run-2", "line 12: 'Run-2' is no id; expected capitals, a hyphen"),
        ("#### RUN-2", "#### RUN-02", "line 12: 'RUN-02' is no id; expected capitals, a hyphen"),
        ("#### RUN-2", "#### RUN-1", "line 12: the id RUN-1 is used twice"),
        ("## 1. Running\n", "", "line 4: RUN-1 stands before the first chapter"),
        ("## 2. ", "## 3. ", "line 20: chapter 3 follows chapter 1"),
        ("## 2. ", "## 1. ", "line 20: chapter 1 follows chapter 1"),
        (
            "> It **SHOULD NOT** flicker.",
            "It **SHOULD NOT** flicker.",
            "line 12: under RUN-2 a sentence quoted with `> ` is expected",
        ),
        (
            "**SHOULD NOT**",
            "should not",
            "line 12: the sentence of RUN-2 has the bold words []; expected one of MUST, MUST NOT",
        ),
        (
            "**SHOULD NOT**",
            "**MAY**",
            "line 12: the sentence of RUN-2 has the bold words ['MAY']; expected one of MUST,",
        ),
        (
            "It **SHOULD NOT**",
            "It **MUST** and **SHOULD NOT**",
            "line 12: the sentence of RUN-2 has the bold words ['MUST', 'SHOULD NOT']",
        ),
        (
            "taipy · derived",
            "tapy · derived",
            "line 12: under the sentence of RUN-2 `dialects · source` is expected, with dialects of "
            "background, long_callback, labs, taipy; found 'tapy · derived",
        ),
        (
            "taipy · derived: nobody would forgive it",
            "taipy ·",
            "line 12: under the sentence of RUN-2 `dialects · source` is expected",
        ),
        (
            "taipy · derived: nobody would forgive it",
            "taipy",
            "line 12: under the sentence of RUN-2 `dialects · source` is expected",
        ),
        (
            "derived: nobody would forgive it",
            'a-letter "A heading"',
            "line 12: the source of RUN-2: 'a-letter' is no document; choose from taipy-guide, ",
        ),
        (
            "derived: nobody would forgive it",
            'dash-long-callbacks "A heading"',
            "line 12: the source of RUN-2: no document that it cites binds taipy",
        ),
        (
            "derived: nobody would forgive it",
            "derived from STOP-10: nobody would forgive it",
            "line 12: the source of RUN-2: 'STOP-10' is no requirement that comes before it",
        ),
    ],
)
def test_a_malformed_specification_is_refused_with_its_line(
    old: str, new: str, message: str
) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(MalformedSpecification) as raised:
        parse(GOOD.replace(old, new))
    assert str(raised.value).startswith(message)


def test_a_text_without_a_requirement_is_no_specification() -> None:
    with pytest.raises(MalformedSpecification, match="it holds no requirement"):
        parse("# Nothing\n\n## 1. Empty\n")


def test_writing_spec_json_reports_a_malformed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spec, "SPEC", tmp_path / "SPEC.md")
    monkeypatch.setattr(spec, "JSON", tmp_path / "spec.json")
    spec.SPEC.write_text("#### RUN-1\n", encoding="utf-8")
    assert typed("spec", "write") == 2
    assert capsys.readouterr().err == (
        "callback-conformance spec write: SPEC.md is malformed: line 1: RUN-1 stands before the first chapter\n"
    )
    assert not spec.JSON.exists()


def test_spec_json_holds_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spec, "SPEC", tmp_path / "SPEC.md")
    monkeypatch.setattr(spec, "JSON", tmp_path / "spec.json")
    spec.SPEC.write_text(GOOD, encoding="utf-8")
    assert typed("spec", "check") == 1
    assert typed("spec", "write") == 0
    assert spec.load() == parse(GOOD)
    assert capsys.readouterr().out == "SPEC.md: 3 requirements, written to spec.json\n"
    assert typed("spec", "check") == 0
    spec.SPEC.write_text("| [1. Old](#1-old) | 7 | - | - | - |\n" + GOOD, encoding="utf-8")
    assert typed("spec", "check") == 1
    assert "contents list" in capsys.readouterr().err
    assert typed("spec", "write") == 0
    assert typed("spec", "check") == 0


# The specification of this repository.


@pytest.fixture(scope="module")
def ours() -> spec.Specification:
    """SPEC.md as it stands."""
    return parse(spec.SPEC.read_text(encoding="utf-8"))


def test_spec_json_is_in_step_with_spec_md(ours: spec.Specification) -> None:
    assert spec.JSON.read_text(encoding="utf-8") == spec.as_json(ours), (
        "SPEC.md has changed since spec.json was written: run `make spec`"
    )


GONE = "gone"  # stands for the hash of an id that was given up: it is never used again


def held() -> dict[str, str]:
    """Each id that was ever given and the hash of its sentence, as committed."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


def hashes(specification: spec.Specification) -> dict[str, str]:
    """Each id and the hash of its sentence, as SPEC.md has them."""
    return {
        id: hashlib.sha256(requirement.sentence.encode()).hexdigest()[:16]
        for id, requirement in specification.requirements.items()
    }


def test_no_sentence_changes_unnoticed(ours: spec.Specification) -> None:
    committed = {id: hash for id, hash in held().items() if hash != GONE}
    current = hashes(ours)
    changed = [id for id in {**committed, **current} if committed.get(id) != current.get(id)]
    assert not changed, (
        f"The sentences of {', '.join(changed)} are not those that {SENTENCES.name} holds. An id is "
        "permanent: a sentence that now means something else is given a new id, and its old one is "
        "never used again. If it is new, or says the same better, or was given up, run "
        f"`python -m tests.test_spec` and commit {SENTENCES.name} with the change."
    )


def test_the_contents_list_is_in_step_with_the_chapters(ours: spec.Specification) -> None:
    text = spec.SPEC.read_text(encoding="utf-8")
    assert with_contents(text, ours) == text, "run `make spec`"
    assert len(re.findall(r"^\| \[\d+\. .*$", text, re.MULTILINE)) == len(ours.chapters)


def test_the_contents_list_counts_the_requirements_of_each_chapter() -> None:
    listed = "| [1. Old](#1-old) | 7 | - | - | - |\n"
    assert with_contents(f"{listed}\n{GOOD}", parse(GOOD)) == (
        "| [1. Running](#1-running) | 1 | - | 1 | 1 |\n| [2. Cancel](#2-cancel) | 1 | - | - | - |\n"
        f"\n{GOOD}"
    )


def test_the_table_of_documents_is_in_step_with_what_the_parser_knows() -> None:
    text = spec.SPEC.read_text(encoding="utf-8")
    bound = re.findall(r"^\| `(\w+)` \| .* \| ([a-z, -]+) \|$", text, re.M)
    dialects = {dialect: set(names.split(", ")) for dialect, names in bound}
    publishers = dict(re.findall(r"^\| ([a-z-]+) \| [A-Z][^|]* \| ([^|]+) \|", text, re.M))
    for name, document in DOCUMENTS.items():
        assert {d for d in dialects if name in dialects[d]} == set(document.dialects), name
        assert publishers[name].startswith("a third party") == document.is_third_party, name


def test_the_version_of_the_specification_is_that_of_the_suite() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    row = re.search(r"^\| (\S+) \| \d+ \w+ \d{4} \|", spec.SPEC.read_text(encoding="utf-8"), re.M)
    assert row is not None
    assert row[1] == project["version"]


@pytest.mark.parametrize(
    ("framework", "implementation"),
    [("dash", "impl_dash_style"), ("taipy.gui", "impl_taipy_style")],
)
def test_the_programs_of_the_specification_use_public_names(
    framework: str, implementation: str
) -> None:
    fenced = re.findall(r"^```python\n(.*?)^```$", spec.SPEC.read_text("utf-8"), re.M | re.DOTALL)
    imports = [node for program in fenced for node in ast.walk(ast.parse(program))]
    names = [
        alias.name
        for node in imports
        if isinstance(node, ast.ImportFrom) and node.module == framework
        for alias in node.names
    ]
    assert names
    assert set(names) <= set(dir(importlib.import_module(implementation)))


def test_no_id_is_used_again(ours: spec.Specification) -> None:
    given_up = {id for id, hash in held().items() if hash == GONE}
    assert not given_up & set(ours.requirements), "ids that were given up before; choose new ones"


def judging() -> list[SuiteTest]:
    """The tests of the suite that name what they decide. The others observe what nothing requires, or compare with
    the model, which names it."""
    return [test for test in suite_tests() if not test.observes and test.module != "test_model"]


def test_every_test_of_the_suite_names_known_requirements(ours: spec.Specification) -> None:
    for test in judging():
        assert test.ids, f"{test} names no requirement: mark it with @covers(...)"
        assert set(test.ids) <= set(ours.requirements), f"{test} names unknown ids"


def test_an_observation_stands_in_appendix_b_and_decides_nothing() -> None:
    observing = [test for test in suite_tests() if test.observes]
    assert {test.module for test in observing} == {"test_b_implementation_defined"}
    assert all(test.ids == () and set(test.observes) <= set(spec.DIALECTS) for test in observing)


def test_every_requirement_has_a_test_in_each_dialect_that_it_binds(
    ours: spec.Specification,
) -> None:
    bound = {id: requirement.dialects for id, requirement in ours.requirements.items()}
    covered = {
        (id, dialect) for test in judging() for id in test.ids for dialect in test.only or bound[id]
    }
    without = [(id, d) for id in bound for d in bound[id] if (id, d) not in covered]
    assert without == [], "requirements without a test"


def test_a_test_for_some_dialects_alone_is_for_those_that_its_requirements_bind(
    ours: spec.Specification,
) -> None:
    for test in judging():
        for id in test.ids:
            assert not test.only or set(test.only) < set(ours.requirements[id].dialects), f"{test}"


def test_every_dialect_is_spoken_by_one_of_our_implementations() -> None:
    spoken = {d for ours in adapters() if not ours.released for d in ours.dialects}
    assert spoken == set(spec.DIALECTS)


def test_each_module_of_the_suite_is_named_after_its_chapter(ours: spec.Specification) -> None:
    with_requirements = [n for n in ours.chapters if ours.of_chapter(n)]
    names = {
        f"test_{number:02}_{ours.chapters[number].lower().replace(' ', '_')}"
        for number in with_requirements
    }
    of_no_chapter = (
        "test_a_documents", "test_absent_features", "test_b_implementation_defined", "test_model",
    )  # fmt: skip
    of_chapters = {name for name in modules() if not name.startswith(of_no_chapter)}
    assert names <= of_chapters
    parts = {
        name for name in of_chapters - names if not name.startswith(tuple(f"{n}_" for n in names))
    }
    assert parts == set(), "modules that are neither a chapter nor, by their name, a part of one"


def test_each_module_of_the_suite_opens_with_its_chapter(ours: spec.Specification) -> None:
    for test in judging():
        number = test.module.split("_")[1]
        title = "SPEC.md, appendix D: The documents' programs."
        if number.isdecimal():
            title = f"SPEC.md, chapter {int(number)}: {ours.chapters[int(number)]}."
        module = importlib.import_module(f"conformance.{test.module}")
        assert (module.__doc__ or "").startswith(title)


if __name__ == "__main__":
    listed = hashes(parse(spec.SPEC.read_text(encoding="utf-8")))
    listed |= {id: GONE for id in held() if id not in listed}
    head = "# Each id that was ever given and the hash of its sentence; see tests/test_spec.py.\n"
    SENTENCES.write_text(head + "".join(f"{id} {hash}\n" for id, hash in listed.items()))
