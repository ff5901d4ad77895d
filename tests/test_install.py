"""The commands that errors name: each installs what is missing, from where this package came."""

from __future__ import annotations

import json
import tomllib
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from callback_conformance import install
from callback_conformance.install import command_for, install_command
from tests.tiny import ROOT


class Installed:
    """A distribution as its installer has left it."""

    def __init__(self, note: Any) -> None:
        self._note = note

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self._note and json.dumps(self._note)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Installed as the test's parameter says."""
    monkeypatch.setattr(install, "distribution", lambda name: Installed(request.param))


EDITABLE = {"url": f"file://{ROOT}", "dir_info": {"editable": True}}


@pytest.mark.parametrize("installed", [EDITABLE], indirect=True)
def test_a_checkout_that_is_installed_as_editable_is_named(
    installed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert install_command("all") == f"pip install -e '{ROOT}[all]'"
    monkeypatch.chdir(ROOT)
    assert install_command("all") == "pip install -e '.[all]'"


@pytest.mark.parametrize("installed", [None, {}, {"url": "file:///gone.whl"}], indirect=True)
def test_without_a_place_the_name_is_given_as_it_was_found(installed: None) -> None:
    assert install_command("browser") == "pip install 'callback-conformance[browser]'"


@pytest.mark.parametrize(
    ("distributions", "extra"),
    [(("dash", "flask"), "all"), (("callback-conformance", "flask"), "ours")],
)
def test_an_implementation_of_an_extra_is_installed_by_it(
    distributions: tuple[str, ...], extra: str
) -> None:
    assert command_for(distributions) == install_command(extra)


def test_another_implementation_is_installed_by_its_names() -> None:
    assert command_for(("dash-labs", "dash")) == "pip install dash-labs dash"


def test_the_lowest_versions_that_ours_run_on_can_be_installed_beside_dash_with_celery() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    lowest = {
        requirement.name: next(s.version for s in requirement.specifier if s.operator == ">=")
        for requirement in map(Requirement, extras["ours"])
        if requirement.name in ("celery", "redis")
    }
    of_dash = [
        requirement
        for requirement in map(Requirement, requires("dash") or [])
        if requirement.marker and requirement.marker.evaluate({"extra": "celery"})
    ]
    accepted = {r.name: r.specifier.contains(lowest[r.name]) for r in of_dash if r.name in lowest}
    assert accepted == {"celery": True, "redis": True}, lowest
