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


@pytest.hookimpl(trylast=True)  # after other plugins and conftest files have added their options
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Register the plugin, with its options and fixtures, if the command line names the suite.

    ``-p callback_conformance.plugin.hooks`` registers it for tests elsewhere.
    """
    if names_the_suite(early_config):
        early_config.pluginmanager.import_plugin(PLUGIN)


def names_the_suite(config: pytest.Config) -> bool:
    """True when a path or module of the command line is the suite, or within it; without any, when pytest
    runs in the suite's folder."""
    options = config.known_args_namespace
    return any(
        _is_in_the_suite(argument, options.pyargs)
        for argument in options.file_or_dir or [str(config.invocation_params.dir)]
    )


def _is_in_the_suite(argument: str, names_modules: bool) -> bool:
    place = argument.partition("::")[0]
    if names_modules and (place == MODULE or place.startswith(f"{MODULE}.")):
        return True
    return Path(place).resolve().is_relative_to(SUITE)
