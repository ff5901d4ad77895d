"""The suite is a guest: beside other plugins, and in the runs of other projects, nothing of it acts or exists."""

from __future__ import annotations

import re
import subprocess
import textwrap
import zipfile
from pathlib import Path

import pytest

from tests.machines import Machine, wheel
from tests.tiny import ROOT

PLUGINS = (
    "pytest-selenium",
    "pytest-asyncio",
    "pytest-randomly",
    "pytest-html",
    "dash[testing]>=4.4",
)
DISTRIBUTION = "callback-conformance"
OURS = {"callback_conformance", "impl_dash_style", "impl_taipy_style"}
#: The package in the wheel that each folder of a checkout becomes.
FOLDERS = {
    "harness/callback_conformance": "callback_conformance",
    "conformance": "callback_conformance/suite",
    "deviations": "callback_conformance/deviations",
    "impl_dash_style": "impl_dash_style",
    "impl_taipy_style": "impl_taipy_style",
}

#: What differs between any two runs, and the suite's name in the list of plugins, by what replaces it.
VARIES = {
    r"\d+\.\d+s\b( \(\d+:\d+:\d+\))?": "SECONDS",
    r"={4,}": "====",  # as many as fill the line beside the seconds, which may have one digit or two
    rf"{DISTRIBUTION}-[\d.]+, ": "",
    rf"'{DISTRIBUTION}': '[\d.]+', ": "",
}

#: A project that uses names of the suite: as packages, fixtures, markers and options.
PROJECT = {
    "harness/__init__.py": "VALUE = 'the harness of another project'\n",
    "conformance/__init__.py": "VALUE = 'the conformance of another project'\n",
    "pytest.ini": """\
        [pytest]
        addopts = -p no:cacheprovider --strict-markers
        markers =
            covers: a marker of another project
        """,
    "conftest.py": """\
        import pytest

        def pytest_addoption(parser):
            parser.addoption("--backend", default="a backend of another project")
            parser.addoption("--report", default="a report of another project")

        @pytest.fixture
        def cell():
            return "a cell of another project"

        @pytest.fixture
        def open_page(cell):
            return f"a page for {cell}"
        """,
    "test_theirs.py": """\
        import sys
        import conformance
        import harness
        import pytest

        def test_takes_a_fixture_named_cell(cell, open_page):
            assert open_page == "a page for a cell of another project"

        @pytest.mark.parametrize("cell", [1, 2])
        def test_has_a_parameter_named_cell(cell):
            assert cell in (1, 2)

        @pytest.mark.covers
        def test_has_a_marker_named_covers():
            assert pytest

        def test_has_options_of_its_own(request):
            assert request.config.getoption("--backend") == "a backend of another project"
            assert request.config.getoption("--report") == "a report of another project"
            assert request.config.getoption("--driver") is None  # that of pytest-selenium

        @pytest.mark.asyncio
        async def test_awaits():
            assert harness.VALUE and conformance.VALUE

        def test_fails():
            assert not "as it shall"

        def test_loads_only_the_entry_point_of_the_guest():
            loaded = {name for name in sys.modules if name.startswith("callback_conformance")}
            package = "callback_conformance"
            assert loaded <= {package, f"{package}.entry_point", f"{package}.places"}
        """,
}


class Project:
    """The folder of the other project, and the machine that it lies on."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self._machine = machine
        self.folder = folder
        for name, text in PROJECT.items():
            file = folder / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the project's folder."""
        return self._machine.run("python", *words, folder=self.folder)

    def pytest(self, *options: str) -> str:
        """What pytest prints in the project, without what differs between any two runs."""
        run = self.python("-m", "pytest", "-p", "no:randomly", *options)
        printed = run.stdout + run.stderr
        for pattern, constant in VARIES.items():
            printed = re.sub(pattern, constant, printed)
        return f"{printed}\nexit status {run.returncode}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite's wheel."""
    return wheel(tmp_path_factory.mktemp("wheel"))


#: What is compared, by the options with which pytest prints it.
VIEWS = {
    "outcomes": ("-rA",),
    "options": ("--help",),
    "fixtures": ("--fixtures", "-v"),
    "markers": ("--markers",),
    "hooks": ("--trace-config", "--collect-only", "-q"),
}


@pytest.fixture(scope="module")
def both(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    """The project on a machine with the suite, and what pytest printed there before the suite was installed."""
    machine = Machine.create(tmp_path_factory.mktemp("guest") / "v", f"{built}[ours]", *PLUGINS)
    machine.uninstall(DISTRIBUTION)
    project = Project(machine, tmp_path_factory.mktemp("project"))
    alone = {view: project.pytest(*options) for view, options in VIEWS.items()}
    machine.install("--no-deps", built)
    return project, alone


def test_the_wheel_has_three_top_level_names(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = {name.partition("/")[0] for name in archive.namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == OURS


def test_the_wheel_contains_every_file_of_its_packages(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
    for folder, package in FOLDERS.items():
        files = (file.relative_to(ROOT / folder) for file in (ROOT / folder).rglob("*.*"))
        expected = {f"{package}/{file}" for file in files if file.suffix != ".pyc"}
        assert expected
        assert expected <= names
    assert {f"{package}/py.typed" for package in OURS} <= names


def test_the_other_project_runs_its_own_tests_without_the_suite(
    both: tuple[Project, dict[str, str]],
) -> None:
    _, alone = both
    assert "1 failed, 7 passed" in alone["outcomes"]
    assert alone["outcomes"].endswith("exit status 1")


@pytest.mark.parametrize("view", ["outcomes", "options", "fixtures", "markers"])
def test_installing_the_suite_does_not_change_the_run_of_the_other_project(
    both: tuple[Project, dict[str, str]], view: str
) -> None:
    project, alone = both
    assert project.pytest(*VIEWS[view]) == alone[view]


def test_only_the_entry_point_of_the_suite_is_registered_as_a_plugin(
    both: tuple[Project, dict[str, str]],
) -> None:
    project, alone = both
    names = re.findall(r"callback[-_]conformance\S*", project.pytest(*VIEWS["hooks"]))
    assert names
    assert not re.findall(r"callback[-_]conformance\S*", alone["hooks"])
    assert not [name for name in names if "hooks" in name or "fixtures" in name]


def test_the_suite_tests_an_implementation_in_the_same_environment(
    both: tuple[Project, dict[str, str]],
) -> None:
    project, _ = both
    words = ("--pyargs", "callback_conformance.suite", "--impl=dash_style", "-k", "cancel_stops")
    printed = project.pytest(*words, "--driver=wire")
    assert "cell: dash_style-background-diskcache-wire" in printed
    assert printed.endswith("exit status 0"), printed


def test_a_run_with_assertions_removed_is_a_usage_error(
    both: tuple[Project, dict[str, str]],
) -> None:
    project, _ = both
    words = ("-O", "-m", "pytest", "--pyargs", "callback_conformance.suite", "--impl=dash_style")
    run = project.python(*words)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "Python runs with -O" in run.stderr
