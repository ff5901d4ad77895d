"""What pytest loads in every run of every project where this package is installed.

A guest disturbs nobody: the plugin is registered only in a run whose arguments name the suite. Nothing else of
this package is imported before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from callback_conformance.places import SUITE

MODULE = "callback_conformance.suite"
PLUGIN = "callback_conformance.plugin.hooks"


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the plugin if the command line names the suite: now, because pytest goes on to read the options.

    ``-p callback_conformance.plugin.hooks`` registers it for tests elsewhere.
    """
    config = pluginmanager.get_plugin("pytestconfig")
    if isinstance(config, pytest.Config) and names_the_suite(config):
        pluginmanager.import_plugin(PLUGIN)


def names_the_suite(config: pytest.Config) -> bool:
    """True when a path or module of the command line is the suite, or within it; without any, when pytest
    runs in the suite's folder."""
    options = getattr(config, "known_args_namespace", None)  # None while pytest itself is set up
    return options is not None and any(
        _is_in_the_suite(argument, options.pyargs)
        for argument in options.file_or_dir or [str(config.invocation_params.dir)]
    )


def _is_in_the_suite(argument: str, names_modules: bool) -> bool:
    place = argument.partition("::")[0]
    if names_modules and (place == MODULE or place.startswith(f"{MODULE}.")):
        return True
    return Path(place).resolve().is_relative_to(SUITE)
