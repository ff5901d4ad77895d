"""Runs the tests of the suite on one mutant after another, in one run of pytest."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from callback_conformance.control import violation
from callback_conformance.plugin import outcomes
from callback_conformance.plugin.fixtures import PAGES, PagesPlugin
from callback_conformance.results.outcome import Outcome
from tools.mutants import variants
from tools.mutants.mutant import Mutant

#: What a test waits for what never comes. The suite itself waits longer, for machines that are busier than this one
#: may be; with this time it must hold on what has no fault, before anything else runs.
WAIT_SECONDS = 5.0
#: What pytest's run ends with, beside its own numbers.
DONE = 99


#: Modules that the first cell of a test does not use, and what the names of the cells that do contain.
ONLY_IN = {
    "impl_dash_style/long_callback": "-long_callback-",
    "impl_dash_style/labs/": "-labs-",
    "impl_dash_style/labs/broker_rpc": "-celery+rpc-",
    "impl_dash_style/labs/celery": "-celery+rpc-",
    "impl_dash_style/labs/memory": "-celery+rpc-",
    "impl_dash_style/celery": "-celery+",
    "impl_dash_style/leases": "-celery+",
    "impl_dash_style/worker": "-celery+",
    "impl_dash_style/redis_store": "-celery+redis-",
}


@dataclass(frozen=True)
class Result:
    """What became of one mutant."""

    mutant: Mutant
    #: The test that failed; "" if none did.
    killer: str
    #: True if that test decides the requirement that the fault was made for.
    is_own: bool
    #: How many tests ran.
    tests: int
    seconds: float
    #: The tests that ended without an outcome.
    undecided: tuple[str, ...] = ()


@dataclass
class Runner:
    """The plugin: ``results`` holds what it has found when pytest ends."""

    mutants: Sequence[Mutant]
    #: How many tests run at the most beside those of the fault's requirement; None: all that execute its statement.
    nearest: int | None
    #: After how many seconds no further test of a mutant begins.
    seconds: float
    #: Takes each result when it is known.
    report: Callable[[Result], None]
    #: Where the statements of each test are kept from one run to the next.
    kept: Path
    results: list[Result] = field(default_factory=list)
    _items: dict[str, pytest.Item] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)
    _siblings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _tests: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _kills: Counter[tuple[str, str]] = field(default_factory=Counter)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Run the mutants in the place of the tests."""
        violation.WAIT_SECONDS = WAIT_SECONDS
        for item in session.items:
            state = item.stash.get(outcomes.STATE, None)
            if state and state.requirements:
                self._items[item.nodeid] = item
                self._siblings[_function(item)].append(item.nodeid)
        variants.restore()
        self._warm_up(session.config)
        for mutant in self.mutants:
            result = self._try(mutant)
            self.results.append(result)
            self.report(result)
        pytest.exit("every mutant is tried", DONE)  # no verdict of the suite's own follows

    def _warm_up(self, config: pytest.Config) -> None:
        """Start every warm process while there is no fault."""
        pages = config.pluginmanager.get_plugin(PAGES)
        assert isinstance(pages, PagesPlugin)
        for cell in {
            item.stash[outcomes.STATE].cell.id: item for item in self._items.values()
        }.values():
            pages.warm_processes.of(cell.stash[outcomes.STATE].cell)

    def _learn(self) -> None:
        """Which test executes which statement. It is found out in the first cell of each test, and taken to be the
        same in the others."""
        known = json.loads(self.kept.read_text()) if self.kept.exists() else {}
        variants.record()
        first = {names[0]: names for names in self._siblings.values()}
        for number, name in enumerate(first, start=1):
            if name not in known:
                variants.executed()
                begin = time.monotonic()
                outcome, _ = _outcome(self._items[name])
                seconds = time.monotonic() - begin
                known[name] = [outcome == Outcome.HELD, seconds, sorted(variants.executed())]
                print(f"\r{number} of {len(first)} tests without a fault", end="", flush=True)
                if number % 20 == 0:
                    self.kept.write_text(json.dumps(known))
        print()
        self.kept.write_text(json.dumps(known))
        for name, names in first.items():
            holds, seconds, statements = known[name]
            if not holds:
                print(f"left out, because it fails without a fault: {name}")
                continue
            for sibling in names:
                self._seconds[sibling] = seconds
                for statement in statements:
                    self._tests[statement].append(sibling)

    def _try(self, mutant: Mutant) -> Result:
        begin = time.monotonic()
        undecided = []
        variants.apply(mutant)
        killer, tests = "", 0
        for name in itertools.chain(self._own(mutant), self._nearest(mutant)):
            if time.monotonic() - begin > self.seconds:
                break
            tests += 1
            outcome, message = _outcome(self._items[name])
            if outcome == Outcome.VIOLATED:
                killer = name
                self._kills[mutant.module, name] += 1
                break
            if outcome != Outcome.HELD:
                undecided.append(f"{name}: {message}")
        variants.withdraw(mutant)
        is_own = bool(killer) and mutant.requirement in self._covered(killer)
        seconds = time.monotonic() - begin
        return Result(mutant, killer, is_own, tests, seconds, tuple(undecided))

    def _own(self, mutant: Mutant) -> Iterator[str]:
        """The tests that decide the requirement of a fault made by hand."""
        return (name for name in self._items if mutant.requirement in self._covered(name))

    def _nearest(self, mutant: Mutant) -> Iterator[str]:
        """The other tests that execute the statement: first those that execute what few do in the same function, then
        those that found other faults of the module."""
        if self.nearest == 0:
            return
        if not self._tests:
            self._learn()
            variants.restore()
            variants.apply(mutant)
        statement = mutant.statement()
        names = self._tests[f"{mutant.module}:{statement.lineno if statement else 1}"]
        if unseen := [name for part, name in ONLY_IN.items() if mutant.module.startswith(part)]:
            names = names + [
                name for name in self._seconds if unseen[-1] in name and name not in names
            ]
        around = [f"{mutant.module}:{line}" for line in mutant.function_lines()]
        rarity: dict[str, float] = defaultdict(float)
        for tests in (self._tests[statement] for statement in around if statement in self._tests):
            for name in tests:
                rarity[name] = max(rarity[name], 1 / len(tests))

        def order(name: str) -> tuple[float, int, float]:
            return -rarity[name], -self._kills[mutant.module, name], self._seconds[name]

        own = set(self._own(mutant))
        names = sorted((name for name in names if name not in own), key=order)
        yield from names[: self.nearest]

    def _covered(self, name: str) -> set[str]:
        state = self._items[name].stash[outcomes.STATE]
        return {requirement.id for requirement in state.requirements}


def _function(item: pytest.Item) -> str:
    """A test with its parameters, without its cell."""
    facts = outcomes.facts_in(item.user_properties)
    assert isinstance(facts, outcomes.CaseFacts)
    return f"{item.path.name}::{facts.test}"


def _outcome(item: pytest.Item) -> tuple[Outcome | None, str]:
    """Run a test, as often as one likes; return its outcome, and why if it did not hold."""
    item.stash[outcomes.STATE].open_page = None
    reports = runtestprotocol(item, log=False, nextitem=None)
    facts = [outcomes.facts_of(report) for report in reports]
    known = {fact.outcome: fact.message for fact in facts if isinstance(fact, outcomes.CaseFacts)}
    for outcome in (Outcome.VIOLATED, Outcome.UNDECIDED, Outcome.HELD):
        if outcome in known:
            return outcome, known[outcome]
    return None, ""
