"""The options of pytest's command line that choose what is judged, and how it is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

#: What each of our names in ``config.option`` begins with: another plugin may have the plain name.
PREFIX = "conformance_"

AXES = {
    "impl": "implementation under test: NAME, NAME@VERSION or package.module:attribute",
    "backend": "backend: NAME, all, or package.module:factory; default: the embedded one",
    "dialect": "dialect of the program, or all; default: the implementation's own",
    "driver": "kind of page: wire (default) or browser",
}


def add_options(parser: pytest.Parser) -> None:
    """Add the suite's options. In a run that names the suite they take precedence over options of the same
    name: pytest-selenium, for one, has a ``--driver``, too."""
    parser.optparser.conflict_handler = "resolve"  # argparse gives a name to whoever asks last
    group = parser.getgroup("conformance", "conformance of long-running callbacks")
    parser.optparser.conflict_handler = "error"
    for name, text in AXES.items():
        _add(group, name, f"{text} (repeatable)", action="append", default=[], metavar=name.upper())
    _add(
        group,
        "worker",
        "the command that starts a worker of a backend package.module:factory, in which {manager} and "
        "{concurrency} are filled in (default: what its pyproject.toml says)",
        default="",
        metavar="COMMAND",
    )
    _add(
        group,
        "service",
        "a service that a backend package.module:factory needs: redis or rabbitmq (repeatable)",
        action="append",
        default=[],
        metavar="NAME",
    )
    _add(
        group,
        "redis-url",
        "an empty database of a running Redis, redis://HOST:PORT/DATABASE; pytest-xdist's workers take "
        "the ones after it. Default: a Redis of its own for each test",
        metavar="URL",
    )
    _add(
        group,
        "rabbitmq-url",
        "a running RabbitMQ with its management plugin, amqp://USER:PASSWORD@HOST:PORT?management=PORT; "
        "each test gets a virtual host of its own. Default: a RabbitMQ of the run's own",
        metavar="URL",
    )
    _add(group, "verdicts", "list the verdict of each requirement", action="store_true")
    _add(group, "strict-should", "a violated SHOULD fails the run", action="store_true")
    _add(
        group,
        "report",
        "write report.json and junit.xml into DIR; callback-conformance report DIR makes pages of them",
        metavar="DIR",
        type=Path,
    )


def _add(group: pytest.OptionGroup, name: str, text: str, **attributes: object) -> None:
    attributes["dest"] = PREFIX + name.replace("-", "_")
    group.addoption(f"--{name}", help=text, **attributes)
