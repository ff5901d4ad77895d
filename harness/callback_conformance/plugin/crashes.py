"""Tests whose worker of pytest-xdist died: they decide nothing.

The report of such a test says nothing but its name, and the controller has not collected it. A worker that has ended
in order knows what each test covers, as all have collected the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from callback_conformance.plugin.outcomes import CaseFacts, facts_in
from callback_conformance.plugin.services import WorkerNode
from callback_conformance.results.outcome import Outcome, TestedCase
from callback_conformance.results.verdict import Verdicts

FACTS = "conformance_facts"


class CrashesPlugin:
    """Notes the tests during which a worker died, and adds them to the verdicts at the end of the run."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts
        #: The reports' texts of these tests, by the tests' names.
        self._crashed: dict[str, str] = {}
        #: What the workers know of each test.
        self._facts: dict[str, CaseFacts] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """Take the test during which a worker died."""
        self._crashed[crashitem] = str(report.longrepr)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerNode) -> None:
        """Take over what a worker knows of the tests, if it has ended in order."""
        text = getattr(node, "workeroutput", {}).get(FACTS, "{}")
        for test, properties in json.loads(text).items() if not self._facts else ():
            if isinstance(facts := facts_in(properties), CaseFacts):
                self._facts[test] = facts

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker: pass on what the controller needs. In the controller: these tests decide nothing."""
        config = session.config
        if hasattr(config, "workeroutput"):
            config.workeroutput[FACTS] = json.dumps(
                {item.nodeid: item.user_properties for item in session.items}
            )
        for test, message in self._crashed.items():
            for facts in self._of(test):
                case = TestedCase(facts.test, Outcome.UNDECIDED, message)
                self._verdicts.add(facts.cell, facts.requirements, case, None)

    def _of(self, test: str) -> Iterable[CaseFacts]:
        if test in self._facts:
            return [self._facts[test]]
        # No worker has ended in order, so that it may have covered whatever a cell has.
        everything = tuple(self._verdicts.specification.requirements)
        return [CaseFacts(cell.id, test, everything) for cell in self._verdicts.cells]
