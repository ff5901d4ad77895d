"""Services in tests: fixtures and helpers."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
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
    opened = Services()
    yield opened
    opened.close()


def client(service: Service) -> redis.Redis:
    """A client of a Redis, which repeats no command."""
    return redis.Redis.from_url(service.url, decode_responses=True, retry=None)


def port(service: Service) -> int:
    """The port that a service listens on."""
    return urlsplit(service.url).port or 0


def is_down(service: Service) -> bool:
    """True if no server listens on the port of this service."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port(service))) != 0


@pytest.fixture
def temp_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files; its path is short, because /tmp is used instead of a long one."""
    with tempfile.TemporaryDirectory(prefix="temp-") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no network, no Docker, and only this folder on its PATH."""
    for name in ("epmd", "rm", "setsid", "sh", "sleep"):
        if path := shutil.which(name):
            (tmp_path / name).symlink_to(path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-engine")
    return tmp_path


NO_RABBITMQ = "not run: needs a RabbitMQ: apt-get install rabbitmq-server"


def has_rabbitmq() -> bool:
    """True if a RabbitMQ can be started on this machine."""
    try:
        rabbitmq.find()
    except ServiceMissing:
        return False
    return True


#: In CI it is there, or its tests fail.
with_rabbitmq = pytest.mark.skipif(
    "CI" not in os.environ and not has_rabbitmq(), reason=NO_RABBITMQ
)
