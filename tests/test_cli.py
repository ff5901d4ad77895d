"""The command ``callback-conformance``: what each command prints, and what it answers to a mistake."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from callback_conformance import places
from callback_conformance.cli import names, run_suite
from callback_conformance.cli.command import Command
from callback_conformance.cli.main import main
from callback_conformance.ledger import find_deviation
from callback_conformance.ledger.export import export
from callback_conformance.spec import load
from tests.command import PROGRAM_FILE, typed
from tests.tiny import ROOT

DEVIATION = "dash-result-lost-on-return"


def commands(
    command: click.Command = main, *path: str
) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command, with the words that call it."""
    assert isinstance(command, Command)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, *path, name)


ALL = dict(commands())


def run(*words: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Type a command in a process of its own."""
    return subprocess.run(
        [PROGRAM_FILE, *words],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


# Help.


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_with_examples_and_exit_statuses(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*path, "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: {' '.join(('callback-conformance', *path))} ")
    assert f"Examples:\n  {' '.join(('callback-conformance', *path))}" in text
    assert re.search(r"^Exit status:\n  0 +\w", text, re.MULTILINE)
    assert all(option.help for option in ALL[path].params if isinstance(option, click.Option))


@pytest.mark.parametrize(
    ("path", "words"),
    [(path, words) for path, command in ALL.items() for words in command.examples],
)
def test_every_example_is_a_command_line_that_is_understood(
    path: tuple[str, ...], words: str
) -> None:
    rest = [*path, *shlex.split(words)]
    command: click.Command = main
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    if not isinstance(command, click.Group):
        with contextlib.suppress(click.exceptions.Exit):  # of --help
            command.make_context(command.name, rest)
        rest = []
    assert rest == []


def test_help_writes_nothing(tmp_path: Path) -> None:
    before = (places.PACKAGE / "spec" / "spec.json").stat().st_mtime_ns
    assert run("spec", "write", "--help", folder=tmp_path).returncode == 0
    assert run("spec", "--help", folder=tmp_path).returncode == 0
    assert (places.PACKAGE / "spec" / "spec.json").stat().st_mtime_ns == before
    assert not list(tmp_path.iterdir())


# Completion.


@pytest.mark.parametrize(
    ("line", "proposed"),
    [
        ("callback-conformance ma", "matrix"),
        ("callback-conformance ledger ", "export"),
        ("callback-conformance test --impl dash@2.18", "dash@2.18.2"),
        ("callback-conformance test --backend cel", "celery+redis"),
        ("callback-conformance test --dialect lo", "long_callback"),
        ("callback-conformance spec show RUN-", "RUN-1"),
        (f"callback-conformance ledger show {DEVIATION[:-2]}", DEVIATION),
    ],
)
def test_a_shell_completes_commands_options_and_names(
    tmp_path: Path, line: str, proposed: str
) -> None:
    done = run(
        folder=tmp_path,
        _CALLBACK_CONFORMANCE_COMPLETE="bash_complete",
        COMP_WORDS=line,
        COMP_CWORD=str(len(line.split(" ")) - 1),
    )
    assert f"plain,{proposed}" in done.stdout.splitlines(), done.stdout + done.stderr


def test_what_is_proposed_begins_with_what_was_typed() -> None:
    complete = names.completing(lambda: ["one", "other", "two"])
    context = click.Context(main)
    assert complete(context, main.params[0], "o") == ["one", "other"]


# Statuses.


def test_a_release_that_cannot_be_installed_decides_nothing(
    tmp_path: Path,
) -> None:
    done = run("ledger", "run", DEVIATION, "--on", "dash@9.9.9", folder=tmp_path)
    assert done.returncode == 3, done.stdout
    assert done.stdout.startswith(f"NOT DECIDED {DEVIATION} (dash 9.9.9): ")
    assert "runs that are not decided and prove nothing: 1" in done.stdout


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    line = f"{PROGRAM_FILE} list requirements | head -1"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


# The names that there are.


def test_list_names_what_the_other_commands_take(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("list") == 0
    text = capsys.readouterr().out
    for part in (
        "dash_style ",
        "2.18.2",
        "@app.long_callback of Dash",
        "celery+redis",
        "browser",
        "Cancel",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("implementations", r"dash_labs +(not installed|0\.4\.0) +labs"),
        ("releases", r"dash_labs +0\.3\.0 0\.4\.0"),
        ("drivers", r"browser +real Chromium"),
        ("dialects", r"taipy +invoke_long_callback of Taipy"),
        ("backends", r"taipy +taipy +thread, gevent"),
        ("requirements", r"RUN-1 +MUST +While a job runs, .+"),
    ],
)
def test_one_kind_of_name_is_a_list(
    kind: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("list", kind) == 0
    assert any(re.fullmatch(line, printed) for printed in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("word", ["5", "running", "RUN", "run"])
def test_requirements_are_listed_by_chapter_and_by_family(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("list", "requirements", word) == 0
    ids = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert ids == [requirement.id for requirement in load().of_chapter(5)]


# The specification and the ledger.


def test_a_requirement_is_shown_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("spec", "show", "RUN-1") == 0
    text = capsys.readouterr().out
    assert text.startswith("RUN-1  MUST  background, long_callback, labs\n")
    assert "Source: dash-long-callbacks" in text


def test_the_specification_is_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("spec", "check") == 0
    assert f"{len(load().requirements)} requirements" in capsys.readouterr().out


def test_the_ledger_lists_shows_and_exports_a_deviation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deviation = find_deviation(DEVIATION)
    assert typed("ledger", "list", DEVIATION) == 0
    assert (
        capsys.readouterr().out
        == f"{DEVIATION} (dash {deviation.versions}; {deviation.impact}): {deviation.title}\n"
    )
    assert typed("ledger", "show", DEVIATION) == 0
    printed = capsys.readouterr().out
    assert deviation.text in printed
    assert f"impact:     {deviation.impact}; the cause lies in the {deviation.cause}\n" in printed
    assert typed("ledger", "export", DEVIATION) == 0
    assert capsys.readouterr().out == export(deviation)
    assert typed("ledger", "export", DEVIATION, "--out", str(tmp_path / "x.py")) == 0
    assert (tmp_path / "x.py").read_text(encoding="utf-8") == export(deviation)


def test_the_index_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("ledger", "index", "--check") == 0


# Running the suite.


def test_pytest_gets_the_suite_and_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: started.append(words))
    words = (
        "--impl=dash",
        "--impl",
        "taipy",
        "-k",
        "cancel",
        "-n",
        "2",
        "-rA",
        "--redis-url=x",
        "--verdicts",
    )
    assert typed("test", *words) == 0
    options = [
        "--impl=dash",
        "--impl=taipy",
        "--verdicts",
        "-k",
        "cancel",
        "-n",
        "2",
        "-rA",
        "--redis-url=x",
    ]
    assert started == [[sys.executable, "-m", "pytest", "conformance", *options]]


def test_a_part_of_the_suite_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    part = "conformance/test_06_cancel.py::test_a_cancel_stops_the_job"
    assert run_suite.pytest_command([part])[3:] == [part]
    monkeypatch.setattr(places, "INSTALLED", True)
    module = "callback_conformance.suite.test_06_cancel"
    assert run_suite.pytest_command([module, "-x"])[3:] == ["--pyargs", module, "-x"]
    assert run_suite.pytest_command(["-x"])[3:] == ["--pyargs", "callback_conformance.suite", "-x"]


def test_the_options_that_are_named_are_options_of_the_suite(tmp_path: Path) -> None:
    done = run("test", "--", "--help", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for option in run_suite.test.params:
        if isinstance(option, click.Option):
            assert re.search(rf"^  {option.opts[0]}[ =]", done.stdout, re.MULTILINE), option.opts


def test_a_run_ends_with_the_status_of_pytest(tmp_path: Path) -> None:
    done = run("test", "--impl=nope", folder=tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "There is no implementation 'nope'" in done.stderr


def test_the_suite_is_found_from_anywhere_and_its_run_is_reported(tmp_path: Path) -> None:
    words = (
        "test",
        "--impl=taipy_style",
        "-k",
        "final_status_of_a_job_that_raised",
        "--report=out",
    )
    done = run(*words, folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert json.loads((tmp_path / "out" / "report.json").read_text())["cells"]
    assert run("report", "out", folder=tmp_path).stdout == "out/report/index.html\n"


# make.


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Say what make would do."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--dry-run", *words],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["dsah", "dsah@2.18.2", "dash dsah"])
def test_make_says_that_a_name_is_mistyped_before_it_installs_anything(name: str) -> None:
    done = make("conformance", f"IMPL={name}", "VENV=nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "IMPL names dsah" in done.stderr
    assert "choose from dash dash_labs dash_style taipy taipy_style" in done.stderr


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("DIALECT=labz", "DIALECT names labz; choose from background long_callback labs taipy all"),
        ("DRIVER=wires", "DRIVER names wires; choose from wire browser"),
    ],
)
def test_make_says_that_a_dialect_or_a_driver_is_mistyped(word: str, message: str) -> None:
    done = make("conformance", word, "VENV=nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    "name", ["dash", "taipy@4.1.2", "dash_style taipy", "my_package.x:adapter"]
)
def test_make_takes_names_versions_and_modules(name: str) -> None:
    done = make("conformance", f"IMPL={name}")
    assert done.returncode == 0, done.stderr
    assert all(f"--impl={word}" in done.stdout for word in name.split())
