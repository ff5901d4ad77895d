"""The options of pytest's command line that select what is tested, and how it is reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.plugin.settings import read_settings
from callback_conformance.session.cell import Selection

#: What each of our names in ``config.option`` begins with: another plugin may have the plain name.
PREFIX = "conformance_"

AXES = {
    "impl": "implementation to test: NAME, NAME@VERSION or package.module:attribute",
    "backend": "backend: NAME, all, or package.module:factory; default: the one that needs no server",
    "dialect": "dialect of the program, or all; default: the implementation's own",
    "driver": "kind of page: wire (default) or browser",
}


class Options:
    """The suite's options, which take precedence over those of the same name that other plugins have in a run
    that names the suite: pytest-selenium, for one, has a ``--driver``, too."""

    def __init__(self, parser: pytest.Parser) -> None:
        self._parser = parser
        self._group = parser.getgroup("conformance", "conformance of long-running callbacks")

    def pytest_plugin_registered(self) -> None:
        """Add what another plugin's options have taken the place of; at first, everything."""
        self._let_the_last_one_win()
        add_options(self)

    def _let_the_last_one_win(self) -> None:
        argument_parser = self._parser.optparser
        for container in (argument_parser, *argument_parser._action_groups):
            container.conflict_handler = "resolve"  # argparse's word for it

    def add(self, name: str, text: str, **attributes: Any) -> None:
        """Add an option, unless it is there and ours."""
        option, destination = f"--{name}", PREFIX + name.replace("-", "_")
        action = self._parser.optparser._option_string_actions.get(option)
        if action is None or action.dest != destination:
            self._group.addoption(option, dest=destination, help=text, **attributes)


def add_options(options: Options) -> None:
    """Each option of the suite."""
    for name, text in AXES.items():
        options.add(name, f"{text} (repeatable)", action="append", default=[], metavar=name.upper())
    options.add(
        "worker",
        "the command that starts a worker of a backend package.module:factory, in which {manager} and "
        "{concurrency} are filled in (default: what its pyproject.toml says)",
        default="",
        metavar="COMMAND",
    )
    options.add(
        "service",
        "a service that a backend package.module:factory needs: redis or rabbitmq (repeatable)",
        action="append",
        default=[],
        metavar="NAME",
    )
    options.add(
        "redis-url",
        "an empty database of a running Redis, redis://HOST:PORT/DATABASE; pytest-xdist's workers take "
        "the ones after it. Default: a Redis of its own for each test",
        metavar="URL",
    )
    options.add(
        "rabbitmq-url",
        "a running RabbitMQ with its management plugin, amqp://USER:PASSWORD@HOST:PORT?management=PORT; "
        "each test gets a virtual host of its own. Default: a RabbitMQ of the run's own",
        metavar="URL",
    )
    options.add("verdicts", "list the verdict of each requirement", action="store_true")
    options.add("strict-should", "a violated SHOULD fails the run", action="store_true")
    options.add(
        "full-load",
        "chapter Load with as many pages and runs as its sentences name (minutes); default: a tenth of them",
        action="store_true",
    )
    options.add(
        "report",
        "write report.json and junit.xml into DIR; callback-conformance report DIR makes pages of them",
        metavar="DIR",
        type=_folder,
    )


def _folder(path: str) -> Path:
    if not path:
        raise pytest.UsageError("--report is empty; name a folder, which need not exist")
    return Path(path)


def selection(config: pytest.Config) -> Selection:
    """The cells that the command line names; where it names no implementation, pyproject.toml does. Raises BadSelection."""
    settings = {} if config.getoption("--impl") else read_settings(Path("pyproject.toml"))
    named = {axis: config.getoption(f"--{axis}") or settings.get(axis, ()) for axis in AXES}
    return Selection(
        releases=named["impl"],
        backends=named["backend"],
        dialects=named["dialect"],
        drivers=named["driver"] or ["wire"],
        worker=config.getoption("--worker"),
        services=config.getoption("--service"),
    )


def is_narrowed(config: pytest.Config) -> bool:
    """True when the command line selected some tests of the suite: then the others were not selected."""
    option = config.option
    filters = option.keyword or option.markexpr or getattr(option, "lf", False)
    filters = filters or option.deselect or option.ignore or option.maxfail
    names_tests = any("::" in word or word.endswith(".py") for word in config.args)
    names_modules = option.pyargs and any(
        word.startswith("callback_conformance.suite.") for word in config.args
    )
    return bool(filters) or names_tests or names_modules


def why_nothing_ran(config: pytest.Config, cells: Sequence[str]) -> str:
    """What a run says that has selected no test."""
    option = config.option
    filters = [
        f"{name} {expression!r}"
        for name, expression in (("-k", option.keyword), ("-m", option.markexpr))
        if expression
    ]
    if filters:
        return f"no test was selected: none on {', '.join(cells)} matches {' and '.join(filters)}"
    return f"no test was selected: none of those that are named applies to {', '.join(cells)}"


def seed(config: pytest.Config) -> str | None:
    """The seed of a random order, where the plugin that makes one has it."""
    chosen = getattr(config.option, "random_order_seed", None)
    return None if chosen is None else str(chosen)


def prepare_report(config: pytest.Config) -> None:
    """Let pytest write ``junit.xml`` beside the report, and short tracebacks: the requirement, not our helpers, is
    what a reader needs."""
    if folder := config.getoption("--report"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise pytest.UsageError(
                f"--report={folder}: {error.strerror}; name a folder, which need not exist"
            ) from error
        config.option.xmlpath = config.option.xmlpath or str(folder / "junit.xml")
    if config.option.tbstyle == "auto":
        config.option.tbstyle = "short"
