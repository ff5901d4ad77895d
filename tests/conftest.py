"""Fixtures of several modules, and how generated values are made."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from callback_conformance.adapters.chromium import BrowserMissing
from callback_conformance.backends.service import ServiceMissing
from callback_conformance.control import violation
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.findings.recorded import Findings, read_findings
from callback_conformance.plugin import markers
from callback_conformance.processes import App, WarmProcess
from callback_conformance.processes.warm import INAPP
from callback_conformance.site.build import build
from tests.matrix import Matrix
from tests.probed import StartProgram
from tests.tiny import HOLDS, Tiny

IN_CI = "CI" in os.environ  # some tests remove it

RUN = "<!doctype html><title>A run</title>"  # a report that a site is made with

# The same values each time, and no clock that a busy machine could lose against.
settings.register_profile("steady", database=None, deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """The tests import the suite's modules, which are marked; the plugin is not registered for that.

    A shell that starts a run in the background lets it ignore Ctrl-C; what the tests start must not inherit that.
    """
    markers.declare(config)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(config))


class FailuresAtOnce:
    """Prints a failure when it happens: pytest does so at the end of its run, minutes later."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and isinstance(terminal, pytest.TerminalReporter):
            terminal.write_line(f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What only root can install has not been tried: the message names the command. In CI it is there, or this fails."""
    report = yield
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, (BrowserMissing, ServiceMissing)) and not IN_CI:
        report.outcome = "skipped"
        report.longrepr = (
            report.location[0],
            report.location[1] or 0,
            f"Skipped: not run: {error}",
        )
    return report


#: What takes longest begins first, so that no worker is left with it at the end.
_LONGEST = ("test_tutorial", "test_null_implementations", "test_wheel", "test_third_parties")


@pytest.hookimpl(trylast=True)  # after what shuffles
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first."""
    items.sort(key=lambda test: test.path.stem not in _LONGEST)


@pytest.fixture
def timeline() -> Timeline:
    """An empty timeline."""
    return Timeline()


@pytest.fixture
def controller(timeline: Timeline) -> Iterator[JobController]:
    """The test's end of its jobs' connections."""
    controller = JobController(timeline)
    yield controller
    controller.close()


@pytest.fixture
def start_program(controller: JobController) -> Iterator[StartProgram]:
    """Starts a process that runs a program; its standard input is the test's."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, where: JobController = controller) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)],
            env={**os.environ, "PROBE_SOCKET": where.path, "PYTHONPATH": str(INAPP)},
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmProcess]:
    """A warm process that has imported nothing."""
    process = WarmProcess(sys.executable)
    yield process
    process.close()


@pytest.fixture
def running(warm: WarmProcess) -> Iterator[list[App]]:
    """The apps of a test; each is closed after it."""
    apps: list[App] = []
    yield apps
    for app in apps:
        app.close()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    """The seconds for which a fact is awaited that never comes."""
    seconds = 0.05
    monkeypatch.setattr(violation, "WAIT_SECONDS", seconds)
    return seconds


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files; its path is short, as sockets need it."""
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.fixture
def tiny(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """A suite of three tests that hold, with a specification of its own."""
    suite = Tiny(pytester, monkeypatch)
    suite.write(HOLDS)
    return suite


@pytest.fixture
def matrix(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """A matrix of one cell of the tiny suite; what would have to be installed cannot be had."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tiny.folder / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return Matrix(tiny)


@pytest.fixture
def descriptors() -> Iterator[None]:
    """No file, socket or process is left open by the test."""
    before = _open_files()
    yield
    assert _open_files() - before == set(), "descriptors left open"


def _open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    files = set()
    for number in os.listdir(folder):
        try:
            files.add(f"{number} {os.readlink(folder / number)}")
        except FileNotFoundError:  # the one that listed the folder
            continue
    return files


@pytest.fixture(scope="session")
def findings() -> Findings:
    """What is recorded."""
    return read_findings()


@pytest.fixture(scope="session")
def site(findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, with the pages of a run."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "matrix" / "report").mkdir(parents=True)
    (folder / "matrix" / "report" / "index.html").write_text(RUN, encoding="utf-8")
    return build(findings, folder / "site", folder / "matrix").parent
