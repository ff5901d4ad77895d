"""The file of the matrix: which cells it lists, which are chosen, and what a mistake in it is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest

from callback_conformance.matrix.plan import BadMatrix, chosen, read_plan
from callback_conformance.results.cell import CellSpec

ROOT = Path(__file__).parents[1]
RUN = """\
[run]
at_once = 2
workers = 0
cell_seconds = 100
environment_seconds = 50
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a matrix is written."""
    return tmp_path / "matrix.toml"


def cells(file: Path, entries: str) -> list[str]:
    """The ids of the cells that a file lists."""
    file.write_text(RUN + entries)
    return [cell.id for cell in read_plan(file).cells]


def error(file: Path, text: str) -> str:
    """The error that a file with a mistake raises."""
    file.write_text(text)
    with pytest.raises(BadMatrix) as raised:
        read_plan(file)
    message = str(raised.value)
    assert message.startswith(f"{file}: ")
    return message.removeprefix(f"{file}: ")


# What is listed.


def test_a_version_has_a_cell_for_each_dialect_and_backend_that_it_offers(file: Path) -> None:
    entries = '[[cells]]\nimplementation = "dash"\nversions = ["2.5.1", "2.18.2", "4.4.1"]\n'
    assert cells(file, entries + 'backends = ["diskcache"]\n') == [
        "dash@2.5.1-long_callback-diskcache-wire",
        "dash@2.18.2-background-diskcache-wire",
        "dash@2.18.2-long_callback-diskcache-wire",
        "dash@4.4.1-background-diskcache-wire",
    ]


def test_dialects_and_backends_choose_among_those(file: Path) -> None:
    ids = cells(
        file,
        '[[cells]]\nimplementation = "dash"\nversions = ["2.18.2"]\n'
        'dialects = ["background"]\nbackends = ["diskcache"]\n'
        '[[cells]]\nimplementation = "taipy"\nversions = ["4.1.2"]\nbackends = ["gevent"]\n',
    )
    assert ids == ["dash@2.18.2-background-diskcache-wire", "taipy@4.1.2-taipy-gevent-wire"]


def test_without_versions_it_is_the_one_beside_the_suite(file: Path) -> None:
    assert cells(file, '[[cells]]\nimplementation = "taipy_style"\n') == [
        "taipy_style-taipy-thread-wire"
    ]


def test_the_limits_are_those_of_the_file(file: Path) -> None:
    file.write_text(RUN + '[[cells]]\nimplementation = "taipy_style"\n')
    plan = read_plan(file)
    assert (plan.at_once, plan.workers, plan.cell_seconds, plan.environment_seconds) == (
        2,
        0,
        100,
        50,
    )


def test_the_matrix_of_this_repository_has_what_it_is_for() -> None:
    listed = read_plan(ROOT / "ci" / "matrix.toml").cells
    releases = {cell.release for cell in listed}
    assert {"dash_style", "taipy_style", "dash_labs@0.3.0", "dash_labs@0.4.0"} <= releases
    assert len([release for release in releases if release.startswith("dash@")]) >= 12
    assert len([release for release in releases if release.startswith("taipy@")]) >= 5
    assert len(listed) >= 40


# Mistakes.

DASH = RUN + '[[cells]]\nimplementation = "dash"\nversions = ["2.18.2", "4.4.1"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[run", "Expected"),
        (RUN, "the file has ['run']; expected ['cells', 'run']"),
        (RUN.replace("workers = 0\n", "") + "[[cells]]", "[run] has ['at_once', 'cell_seconds', "),
        (
            RUN.replace("= 2", "= 0") + "[[cells]]",
            "[run] at_once is 0; expected a whole number from 1",
        ),
        (RUN.replace("= 2", "= true") + "[[cells]]", "[run] at_once is True; expected a whole"),
        (RUN + '[[cells]]\nimpl = "dash"', "[[cells]] has ['impl']; expected 'implementation' and"),
        (
            RUN + '[[cells]]\nimplementation = "dahs"',
            "[[cells]]: There is no implementation 'dahs'",
        ),
        (
            RUN + '[[cells]]\nimplementation = "dash"',
            "[[cells]] dash is a release: list its versions",
        ),
        (
            DASH.replace('["2.18.2", "4.4.1"]', '"2.18.2"'),
            "dash: versions is '2.18.2'; expected a list",
        ),
        (
            DASH.replace('["2.18.2", "4.4.1"]', "[]"),
            "dash: versions is []; expected a list of strings",
        ),
        (DASH.replace("4.4.1", "new"), "[[cells]] dash: 'new' is not a version"),
        (
            DASH.replace('"4.4.1"', '"2.18.2"'),
            "-wire is listed twice",
        ),
        (
            DASH + 'dialects = ["backgruond"]',
            "dash: no version listed has the dialect 'backgruond'; choose",
        ),
        (
            DASH + 'backends = ["disk"]',
            "dash: no version listed has the backend 'disk'; choose from ",
        ),
        (
            DASH + 'dialects = ["long_callback"]',
            "dash@4.4.1 has no long_callback on any backend; choose from ",
        ),
        (
            RUN + '[[cells]]\nimplementation = "dash_style"\nversions = ["1"]',
            "dash_style has no versions",
        ),
    ],
)
def test_a_mistake_raises(file: Path, text: str, message: str) -> None:
    assert message in error(file, text)


def test_a_missing_file_raises(file: Path) -> None:
    with pytest.raises(BadMatrix, match="No such file"):
        read_plan(file)


# What is chosen.

CELLS = [
    CellSpec("dash@2.18.2", "background", "diskcache"),
    CellSpec("dash@3.0.4", "background", "celery+redis"),
    CellSpec("dash_style", "labs", "celery+rpc"),
    CellSpec("taipy@3.0.0", "taipy", "gevent"),
]


@pytest.mark.parametrize(
    ("words", "matching"),
    [
        ([], [0, 1, 2, 3]),
        (["dash@3.*", "celery"], [1]),
        (["dash@3.* celery"], [1]),
        (["celery"], [1, 2]),
        (["celery+redis"], [1]),
        (["redis"], [1]),
        (["dash"], [0, 1]),
        (["dash*"], [0, 1, 2]),
        (["3.0.?"], [1, 3]),
        (["background", "wire"], [0, 1]),
    ],
)
def test_each_word_matches_a_part_of_the_cell(words: list[str], matching: list[int]) -> None:
    assert chosen(CELLS, words) == [CELLS[number] for number in matching]


def test_words_that_match_nothing_raise_and_the_error_says_how_to_list_the_cells() -> None:
    with pytest.raises(BadMatrix) as raised:
        chosen(CELLS, ["dash@5.*", "celery"])
    message = str(raised.value)
    assert message.startswith("no cell matches 'dash@5.* celery': each word must match a part")
    assert "matrix --list" in message
