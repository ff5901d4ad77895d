"""A mistake on the command line is one line on stderr, and status 2: never a traceback, never silence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command import PROGRAM_FILE, typed

BAD_USAGE = 2
DEVIATION = "dash-result-lost-on-return"

MISTAKES = [
    (["nonsense"], "No such command 'nonsense'"),
    (["--nonsense"], "No such option '--nonsense'"),
    (["report"], "Missing argument 'FOLDER'"),
    (["report", "a-file"], "a-file is not a folder"),
    (["report", ""], "it is empty"),
    (["report", "empty"], "empty contains neither report.json"),
    (["report", "nowhere"], "nowhere contains neither report.json"),
    (["report", "broken"], "broken/report.json is no"),
    (["compare", "empty"], "name two matrices"),
    (["compare", "empty", "nowhere"], "empty holds no matrix"),
    (["compare", "a-file", "a-file"], "a-file is not valid JSON"),
    (["compare", "empty", "--releases", "dash@2"], "'--releases' requires 2 arguments"),
    (["verify", "empty"], "nothing can be verified"),
    (["verify", "a-file"], "a-file is not a folder"),
    (["verify", "empty", "--sample", "0"], "0 is not in the range"),
    (["verify", "empty", "--seed", "x"], "'x' is not a valid integer"),
    (["matrix", "--list", "nonsense"], "no cell matches 'nonsense'"),
    (["matrix", "--list", ""], "no cell matches ''"),
    (["matrix", "--jobs", "0"], "0 is not in the range"),
    (["matrix", "--shard", "2"], "'2' is not a shard: expected NUMBER/COUNT, such as 2/8"),
    (["matrix", "--shard", "3/2"], "'3/2' is not a shard"),
    (["matrix", "--shard", "0/2"], "'0/2' is not a shard"),
    (["matrix", "--list", "--shard", "9/9", "taipy_style"], "shard 9/9 is empty: cells: 1"),
    (["merge"], "Missing argument 'SHARD...'"),
    (["merge", "nowhere"], "nowhere holds no cells"),
    (["merge", "a-file"], "a-file is not a folder"),
    (["merge", "empty", "--matrix", "nowhere.toml"], "nowhere.toml: No such file or directory"),
    (["matrix", "--suite", "nowhere"], "nowhere does not exist"),
    (["matrix", "--suite", "a-file"], "a-file is not a folder"),
    (["matrix", "--out", "a-file"], "a-file is not a folder"),
    (["matrix", "--out", "a-file/below", "taipy_style"], "a-file/below: Not a directory"),
    (["matrix", "--matrix", "nowhere.toml"], "nowhere.toml: No such file or directory"),
    (["matrix", "--matrix", "empty"], "empty is a folder, not a file"),
    (["matrix", "--matrix", "not-text.toml"], "not-text.toml: 'utf-8' codec can't decode"),
    (["matrix", "--matrix", "not-toml.toml"], "not-toml.toml: "),
    (["matrix", "--matrix", "number.toml"], "number.toml: cells is 3; expected tables [[cells]]"),
    (["matrix", "--matrix", "numbers.toml"], "numbers.toml: [[cells]] has 3; expected"),
    (["matrix", "--matrix", "none.toml"], "none.toml: cells is []; expected tables [[cells]]"),
    (["matrix", "--matrix", "unreadable/report.json"], "unreadable/report.json: Input/output error"),
    (["report", "unreadable"], "unreadable/report.json cannot be read: Input/output error"),
    (["compare", "unreadable/report.json", "empty"], "report.json cannot be read: Input/output error"),
    (["spec", "show", "NONE-1"], "'NONE-1' is not a requirement or a chapter"),
    (["spec", "check", "x"], "unexpected extra argument (x)"),
    (["list", "nonsense"], "No such command 'nonsense'"),
    (["list", "requirements", "99"], "'99' is not a requirement or a chapter"),
    (["ledger", "list", "nonsense"], "'nonsense' names no release and no fault"),
    (["ledger", "list", ""], "'' names no release and no fault"),
    (["ledger", "show"], "Missing argument 'ID...'"),
    (["ledger", "show", "nonsense"], "the ledger has no deviation 'nonsense'"),
    (["ledger", "export", "nonsense"], "the ledger has no deviation 'nonsense'"),
    (["ledger", "export", DEVIATION, "--out", "empty"], "empty is a folder, not a file"),
    (["ledger", "export", DEVIATION, "--out", "nowhere/x.py"], "nowhere/x.py: No such file"),
    (["ledger", "run", "nonsense"], "'nonsense' names no release and no fault"),
    (["ledger", "run", "--on", "dash"], "'dash' does not name a version"),
    (["ledger", "run", "--on", "dash@"], "'dash@' does not name a version"),
    (["ledger", "run", "--on", "dash@new"], "'dash@new' does not name a version"),
    (["ledger", "run", "--on", "nope@1"], "There is no implementation 'nope'"),
    (["ledger", "run", "--on", "dash_style@1"], "dash_style has no versions to choose from"),
    (["ledger", "run", "--older", "--on", "dash@3.0.4"], "--older and --on exclude each other"),
    (["ledger", "run", DEVIATION, "--on", "taipy@3.0.0"], "no reproducer of these can run there"),
    (["bench", "--backend", "nope"], "'nope' is not one of 'diskcache', 'celery+redis', 'thread'"),
    (["bench", "--measure", "nope"], "'nope' is not one of 'page'"),
    (["bench", "--rounds", "0"], "0 is not in the range"),
    (["bench", "--out", "."], ". is a folder, not a file"),
    (["test", "--report", "a-file"], "a-file is not a folder"),
    (["test", "--report="], "it is empty"),
    (["test", "--impl"], "'--impl' requires an argument"),
]  # fmt: skip

MATRIX = "{}\n[run]\nat_once = 1\nworkers = 0\ncell_seconds = 1\nenvironment_seconds = 1\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files that are not what a command expects."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a-file").touch()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "report.json").write_text('{"cells": [')
    (tmp_path / "unreadable").mkdir()
    (tmp_path / "unreadable" / "report.json").symlink_to("/proc/self/mem")  # also for root
    (tmp_path / "not-text.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "not-toml.toml").write_text("cells = [")
    (tmp_path / "number.toml").write_text(MATRIX.format("cells = 3"))
    (tmp_path / "numbers.toml").write_text(MATRIX.format("cells = [3]"))
    (tmp_path / "none.toml").write_text(MATRIX.format("cells = []"))
    return tmp_path


@pytest.mark.parametrize(("words", "message"), MISTAKES, ids=[" ".join(w) for w, _ in MISTAKES])
def test_a_mistake_is_one_line(
    folder: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*words) == BAD_USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1, printed.err
    assert printed.err.startswith("callback-conformance")
    assert message in printed.err


def test_a_process_ends_with_the_status_of_the_mistake_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM_FILE, "bench", "--backend", "nope"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    assert done.stderr.startswith("callback-conformance bench: Invalid value for '--backend'")
    assert "Traceback" not in done.stderr
