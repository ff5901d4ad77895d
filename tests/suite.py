"""What this repository holds, as objects: the suite's test functions, and the adapters."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import pytest

import callback_conformance.adapters
import conformance
from callback_conformance.adapters import Adapter
from callback_conformance.processes import EnvironmentNotMade, suite_environment
from callback_conformance.scenario import Scenario
from callback_conformance.session.open_page import OpenPage
from callback_conformance.spec import specification as spec


@dataclass(frozen=True)
class SuiteTest:
    """One test function: its module's name, the ids it covers, or else the dialects that it observes
    without judging, the dialects that it is for alone, what it needs of backend and release, and the arguments of each of its runs."""

    module: str
    name: str
    ids: tuple[str, ...]
    observes: tuple[str, ...]
    only: tuple[str, ...]
    needs: tuple[Any, ...]
    runs: tuple[dict[str, Any], ...]
    function: Callable[..., None]

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


def modules() -> list[str]:
    """The names of the suite's test modules."""
    return [
        m.name for m in pkgutil.iter_modules(conformance.__path__) if m.name.startswith("test_")
    ]


def adapters() -> list[Adapter]:
    """Every adapter that the harness itself has a module for, installed as an entry point or not."""
    package = callback_conformance.adapters
    names = [m.name for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    modules = [importlib.import_module(name) for name in names]
    attributes = [getattr(module, "adapter", None) for module in modules]
    return [adapter for adapter in attributes if isinstance(adapter, Adapter)]


def installed(adapter: Adapter) -> bool:
    """True when an implementation can run beside the suite; old releases need an environment of theirs."""
    try:
        suite_environment(adapter.distributions, "")
    except EnvironmentNotMade:
        return False
    return True


def suite_tests() -> Iterator[SuiteTest]:
    """Every test function of the suite but the probes of what a release lacks."""
    for module in modules():
        members = vars(importlib.import_module(f"conformance.{module}"))
        for name, function in members.items():
            if name.startswith("test_") and inspect.isfunction(function):
                marks: list[pytest.Mark] = getattr(function, "pytestmark", [])
                ids = tuple(id for mark in marks if mark.name == "covers" for id in mark.args)
                observes = next((mark.args[1:] for mark in marks if mark.name == "observes"), ())
                only = next((mark.args for mark in marks if mark.name == "only"), ())
                needs = tuple(need for mark in marks if mark.name == "needs" for need in mark.args)
                if not any(mark.name == "probes_absence" for mark in marks):
                    runs = tuple(_runs(marks))
                    yield SuiteTest(module, name, ids, observes, only, needs, runs, function)


class Opened(BaseException):
    """A test has opened its page: the scenario is its argument."""


class _Opener(OpenPage):
    """Stands in for ``open_page`` and goes no further than the scenario."""

    def __init__(self) -> None:
        self.session = self  # type: ignore[assignment]

    def begin_anew(self) -> None:
        """Nothing was opened."""

    def open(self, scenario: Scenario, login: str = "", own_services: bool = False) -> NoReturn:
        raise Opened(scenario)

    declaration_error = open


def scenarios(dialect: str) -> Iterator[tuple[str, Scenario]]:
    """The scenario of every run of every test that decides something in ``dialect``, with its name."""
    for number, (test, scenario) in enumerate(named_scenarios(dialect)):
        yield f"{test.module}_{test.name}_{number}", scenario


def named_scenarios(dialect: str, name: str = "") -> Iterator[tuple[SuiteTest, Scenario]]:
    """The same, each with its test; with a ``name``, those of that test alone."""
    requirements = spec.load().requirements
    for test in suite_tests():
        if name and test.name != name:
            continue
        bound = {name for id in test.ids for name in requirements[id].dialects}
        if dialect in (test.only or bound or test.observes):
            more: dict[str, Any] = {"observe": None} if test.observes else {}
            if "full_load" in inspect.signature(test.function).parameters:
                more["full_load"] = False
            for arguments in test.runs:
                try:
                    test.function(open_page=_Opener(), **more, **arguments)
                except Opened as opened:
                    yield test, opened.args[0]


def _runs(marks: list[pytest.Mark]) -> Iterator[dict[str, Any]]:
    """The arguments of each run, as ``parametrize`` combines them."""
    axes = [_axis(*mark.args[:2]) for mark in marks if mark.name == "parametrize"]
    for chosen in itertools.product(*axes):
        yield {name: value for part in chosen for name, value in part.items()}


def _axis(names: str | tuple[str, ...], values: list[Any]) -> list[dict[str, Any]]:
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, row, strict=True)) for row in values]
