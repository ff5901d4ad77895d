"""From the reports of tests to verdicts, the summary and ``report.json``."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import platform
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import pytest

from callback_conformance.plugin import options, outcomes
from callback_conformance.plugin.outcomes import STATE, CaseFacts, ObservationFacts
from callback_conformance.plugin.services import WorkerNode
from callback_conformance.results.closing import closing
from callback_conformance.results.json_file import as_form
from callback_conformance.results.known_failures import Explanation, KnownFailures
from callback_conformance.results.outcome import TestedCase
from callback_conformance.results.report_file import RunEnvironment, run_report, write_run_report
from callback_conformance.results.summary import summary, violated_shoulds
from callback_conformance.results.verdict import Exclusions, Verdicts
from callback_conformance.results.wording import wrapped
from callback_conformance.session.cell import Cell


class SuitePlugin:
    """Holds the verdicts of a run. In a run with pytest-xdist, the controller's are those that count."""

    def __init__(
        self,
        config: pytest.Config,
        cells: Sequence[Cell],
        known_failures: KnownFailures,
        verdicts: Verdicts,
        explanations: Mapping[str, Explanation],
    ) -> None:
        self._config = config
        self._cells = cells
        self._known_failures = known_failures
        self._verdicts = verdicts
        self._explanations = explanations
        self._closing: list[str] = []

    @property
    def _report_folder(self) -> Path | None:
        folder: Path | None = self._config.getoption("--report")
        return folder

    def pytest_report_header(self) -> list[str]:
        """What is tested, and with which values."""
        specification = self._verdicts.specification
        lines = [
            f"specification: {len(specification.requirements)} requirements, {specification.hash[:12]}"
        ]
        for cell in self._cells:
            versions = cell.environment.versions.items()
            listed = ", ".join(f"{name} {version}" for name, version in versions)
            lines += wrapped(f"cell: {cell.id} ({listed})")
        return [*lines, f"drawn values: --hypothesis-seed={self._config.option.hypothesis_seed}"]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add a test's outcome to its report, in the process that ran it."""
        report = yield
        if STATE in item.stash and item.get_closest_marker("observes"):
            outcomes.note_observation(item, report)
        elif STATE in item.stash:
            outcomes.decide(item, call, report, self._config.getoption("--strict-should"))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a report, from this process or from a worker's."""
        facts = outcomes.facts_of(report)
        if facts is not None:
            self._verdicts.add_time(report.duration, "takes_time" in report.keywords)
        if isinstance(facts, ObservationFacts) and facts.seen is not None:
            self._verdicts.observations[facts.cell, facts.topic] = facts.seen
        if isinstance(facts, CaseFacts) and facts.outcome is not None:
            case = TestedCase(facts.test, facts.outcome, facts.message, facts.deviation)
            failure = outcomes.failure_of(report)
            self._verdicts.add(facts.cell, facts.requirements, case, failure)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerNode) -> None:
        """A worker of pytest-xdist has ended: take over what only it, which collects, knows."""
        data = getattr(node, "workeroutput", {}).get(outcomes.PROPERTY)
        if data:
            exclusions = as_form(data, Exclusions, outcomes.PROPERTY)
            assert isinstance(exclusions, Exclusions)
            self._verdicts.take_over(exclusions)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Decide whether the run has failed, and write its report."""
        config, verdicts = self._config, self._verdicts
        if hasattr(config, "workeroutput"):
            config.workeroutput[outcomes.PROPERTY] = dataclasses.asdict(verdicts.exclusions())
            return
        if exitstatus in (0, 1, 5):
            verdicts.narrowed = options.is_narrowed(config)
            verdicts.find_stale(self._known_failures)
            if exitstatus in (0, 5) and verdicts.fail_the_run():
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if folder := self._report_folder:
            command = ("pytest", *map(str, config.invocation_params.args))
            environment = RunEnvironment(platform.python_version(), platform.platform(), command)
            suite = importlib.metadata.version("callback-conformance")
            write_run_report(folder, run_report(verdicts, suite, environment, options.seed(config)))

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, exitstatus: int
    ) -> None:
        """Print the verdicts."""
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            cells = [cell.id for cell in self._cells]
            terminalreporter.write_line(options.why_nothing_ran(self._config, cells))
        ran = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not ran or self._config.option.collectonly:
            return
        details = self._config.option.verbose > 0
        for line in summary(self._verdicts, details, self._config.getoption("--verdicts")):
            terminalreporter.write_line(line)
        self._closing = [
            *closing(self._verdicts, self._explanations, self._report_folder),
            violated_shoulds(self._verdicts, self._config.getoption("--strict-should")),
        ]

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Print the result in words: below what pytest counts, where a reader looks first."""
        terminalreporter = config.pluginmanager.get_plugin("terminalreporter")
        if terminalreporter:
            for line in filter(None, self._closing):
                terminalreporter.write_line(line)
