"""What our implementations cost beside the releases that they follow: measured in turn, on one machine, in one run."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from callback_conformance import adapters, backends
from callback_conformance.adapters import Adapter
from callback_conformance.backends.services import ServiceFailed, ServiceMissing, Services
from callback_conformance.bench import table
from callback_conformance.bench.rounds import MEASURES, Figures, Subject
from callback_conformance.install import command_for, installed_version
from callback_conformance.processes import EnvironmentNotMade, NotDecided, suite_environment
from callback_conformance.session.warmup import WarmUpFailed, warm_up

__all__ = ["BACKENDS", "MEASURES", "CannotMeasure", "measure"]

#: The backends on which one of ours stands beside a release, each with the two.
BACKENDS = {
    "diskcache": ("dash_style", "dash"),
    "celery+redis": ("dash_style", "dash"),
    "thread": ("taipy_style", "taipy"),
}


class CannotMeasure(RuntimeError):
    """An implementation does not run, or a service is missing; the message says why."""


def measure(names: Sequence[str], measures: Sequence[str], rounds: int) -> Iterator[str]:
    """Measure on the backends of these names, and yield a report in Markdown. Raises CannotMeasure."""
    yield f"{_machine()}; {rounds} rounds, in which the two take turns."
    try:
        with contextlib.closing(Services()) as services:
            for name in names:
                yield ""
                yield from table.lines(_measured(name, services, measures, rounds))
    except (EnvironmentNotMade, NotDecided, ServiceFailed, ServiceMissing, WarmUpFailed) as error:
        raise CannotMeasure(str(error)) from error


def _measured(
    backend: str, services: Services, measures: Sequence[str], rounds: int
) -> table.Rounds:
    with contextlib.ExitStack() as ending:
        own, other = (_subject(name, backend, services, ending) for name in BACKENDS[backend])
        measured = table.Rounds(backend, _version(own.adapter), _version(other.adapter))
        for _ in range(rounds):
            measured.figures.append((_round(own, measures), _round(other, measures)))
    return measured


def _subject(
    name: str, backend_name: str, services: Services, ending: contextlib.ExitStack
) -> Subject:
    adapter, backend = adapters.find(name), backends.find(backend_name)
    suite_environment(adapter.distributions, command_for(adapter.distributions))
    warm = warm_up(adapter, sys.executable, adapter.dialects[0], backend, services)
    ending.callback(warm.close)
    return Subject(adapter, backend, warm, services)


def _round(subject: Subject, measures: Sequence[str]) -> Figures:
    figures: Figures = {}
    for name in measures:
        figures |= MEASURES[name](subject)
    return figures


def _version(adapter: Adapter) -> str:
    """The name, and the version of a release."""
    version = installed_version(adapter.distributions[0]) if adapter.released else ""
    return f"{adapter.name} {version}".strip()


def _machine() -> str:
    """The day, the machine, and how busy it is."""
    day = datetime.now(UTC).date().isoformat()
    model = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    processors = f"{os.cpu_count()} processors ({model.group(1) if model else platform.machine()})"
    load = os.getloadavg()[0]
    return (
        f"{day}, {processors}, Python {platform.python_version()}, load {load:.1f} before the run"
    )
