"""Cells that are run once more, with the versions that were recorded."""

from __future__ import annotations

import shutil
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.matrix import ABSENT, ID, SCRIPTED, Matrix
from tests.tiny import VIOLATED, three

pytest_plugins = ["pytester"]

OK, DIFFERENT, BAD_USAGE = 0, 1, 2
WHEELED = """\
import dataclasses
from tests import scripted

adapter = dataclasses.replace(
    scripted.adapter,
    distributions=("nothing", "peer"),
    requirements=lambda version: (f"nothing=={{version}}", "peer", "--no-index", "--find-links", {links!r}),
    python=lambda version: {python!r},
)
"""
RELEASE = "wheeled:adapter@1.2"
RELEASE_ID = f"{RELEASE}-background-thread-wire"


def wheel(folder: Path, name: str, version: str) -> None:
    """A distribution without contents."""
    folder.mkdir(exist_ok=True)
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}-{version}.dist-info/METADATA", about)
        archive.writestr(
            f"{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n"
        )
        archive.writestr(f"{name}-{version}.dist-info/RECORD", "")


@pytest.fixture
def links(matrix: Matrix) -> Path:
    """A folder with the wheels of a release, and of what it needs."""
    folder = matrix.tiny.folder / "wheels"
    wheel(folder, "nothing", "1.2")
    wheel(folder, "peer", "1.0")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    module = WHEELED.format(links=str(folder), python=python)
    (matrix.tiny.folder / "wheeled.py").write_text(module)
    sys.path.insert(0, str(matrix.tiny.folder))
    yield folder
    sys.path.remove(str(matrix.tiny.folder))
    sys.modules.pop("wheeled", None)


def test_the_same_verdicts_are_a_success(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix.lists(SCRIPTED, "dash@99.0")
    matrix.run()
    assert matrix.verify("--seed", "7") == OK
    assert "cells: 1 of 2 (--seed=7)\nnothing changed\n" in capsys.readouterr().out
    assert not (matrix.folder / "verified" / "cells" / ABSENT).exists()


def test_another_verdict_is_none(matrix: Matrix, capsys: pytest.CaptureFixture[str]) -> None:
    matrix.tiny.write(three(first=VIOLATED))
    matrix.run()
    matrix.tiny.write(three())
    assert matrix.verify() == DIFFERENT
    assert f"  ONE-1 violated → verified\n    {ID}\n" in capsys.readouterr().out
    assert matrix.cell().status == 1  # what is verified stays as it is


def test_a_release_is_run_with_the_versions_that_were_recorded(matrix: Matrix, links: Path) -> None:
    matrix.lists(RELEASE)
    assert matrix.run() == OK
    assert matrix.cell(RELEASE_ID).installed == {"nothing": "1.2", "peer": "1.0"}
    shutil.rmtree(matrix.tiny.folder / "cache")
    wheel(links, "peer", "2.0")
    assert matrix.verify() == OK
    again = matrix.cell(RELEASE_ID, matrix.folder / "verified")
    assert again.installed == {"nothing": "1.2", "peer": "1.0"}


def test_versions_that_cannot_be_had_any_more_are_told(
    matrix: Matrix, links: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix.lists(RELEASE)
    matrix.run()
    shutil.rmtree(matrix.tiny.folder / "cache")
    wheel(links, "peer", "2.0")
    (links / "peer-1.0-py3-none-any.whl").unlink()
    assert matrix.verify() == DIFFERENT
    printed = capsys.readouterr().out
    assert "the cell has no verdicts any more: not installed" in printed
    assert "peer==1.0" in matrix.cell(RELEASE_ID, matrix.folder / "verified").reason


def test_other_versions_beside_the_suite_are_told(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix.run()
    file = matrix.folder / "cells" / ID / "cell.json"
    here = version("callback-conformance")
    file.write_text(
        file.read_text().replace(f'"callback-conformance": "{here}"', '"callback-conformance": "7"')
    )
    assert matrix.verify() == DIFFERENT
    printed = capsys.readouterr().out
    assert (
        f"{SCRIPTED}: callback-conformance is {here} beside the suite; recorded was 7\n" in printed
    )
    assert not (matrix.folder / "verified").exists()


def test_what_holds_no_verdicts_cannot_be_verified(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    assert matrix.verify() == BAD_USAGE
    assert "nothing can be verified: expected the folder of a run" in capsys.readouterr().err
