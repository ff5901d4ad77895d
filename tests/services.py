"""Services in tests: fixtures, and what is asked of each."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from callback_conformance.backends import rabbitmq
from callback_conformance.backends.services import Service, ServiceMissing, Services


@pytest.fixture
def services() -> Iterator[Services]:
    """The services of a run without options."""
    made = Services()
    yield made
    made.close()


def client(service: Service) -> redis.Redis:
    """A client of a Redis, which asks nothing twice."""
    return redis.Redis.from_url(service.url, decode_responses=True, retry=None)


def port(service: Service) -> int:
    """The port that a service listens on."""
    return urlsplit(service.url).port or 0


def refused(service: Service) -> bool:
    """True when nobody listens where this service was."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port(service))) != 0


@pytest.fixture
def disk_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on its PATH but what stands in this folder, no network, and no Docker."""
    for name in ("epmd", "rm", "setsid", "sh", "sleep"):
        if path := shutil.which(name):
            (tmp_path / name).symlink_to(path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-engine")
    return tmp_path


NO_RABBITMQ = "no RabbitMQ is installed here, so this was not run: apt-get install rabbitmq-server"


def needs_rabbitmq() -> bool:
    """True where a RabbitMQ can be started."""
    try:
        rabbitmq.find()
    except ServiceMissing:
        return False
    return True


with_rabbitmq = pytest.mark.skipif(not needs_rabbitmq(), reason=NO_RABBITMQ)
