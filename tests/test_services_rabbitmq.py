"""RabbitMQ as a service: one server of the run, and one that a test alone uses; it takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import amqp
import kombu
import pytest

from callback_conformance.backends import rabbitmq
from callback_conformance.backends.services import Service, ServiceFailed, ServiceMissing, Services
from tests.services import bare_machine, is_down, port, services, temp_folder, with_rabbitmq

__all__ = ["bare_machine", "services", "temp_folder"]


@pytest.fixture(scope="module")
def run() -> Iterator[Services]:
    """A run's services with a RabbitMQ."""
    opened = Services()
    yield opened
    opened.close()


def queue(service: Service, name: str, body: str = "") -> int:
    """Declare a queue, put ``body`` into it, and count what it holds."""
    options = {"confirm_publish": True}  # the server has the message when publish returns
    with kombu.Connection(service.url, transport_options=options) as connection:
        channel = connection.channel()
        channel.queue_declare(name, durable=True, auto_delete=False)
        if body:
            connection.Producer().publish(body, routing_key=name, delivery_mode="persistent")
        return int(channel.queue_declare(name, passive=True).message_count)


@with_rabbitmq
def test_each_rabbitmq_is_empty_and_separate_on_one_server(run: Services) -> None:
    service, other = run.open("rabbitmq"), run.open("rabbitmq")
    assert port(service) == port(other)
    assert queue(service, "jobs", "body") == 1
    assert queue(other, "jobs") == 0
    service.empty()
    assert queue(service, "jobs") == 0
    assert service.origin.startswith("RabbitMQ 3")


@with_rabbitmq
def test_a_closed_rabbitmq_is_gone(run: Services) -> None:
    service = run.open("rabbitmq")
    service.close()
    with pytest.raises(amqp.exceptions.NotAllowed):
        queue(service, "jobs")


@with_rabbitmq
def test_workers_share_the_server_that_the_controller_has_started(run: Services) -> None:
    run.make_ready(["rabbitmq"])
    worker = Services(shared=run.shared)
    service, other = worker.open("rabbitmq"), run.open("rabbitmq")
    assert port(service) == port(other)
    queue(service, "jobs", "body")
    worker.close()
    assert queue(other, "jobs", "body") == 1, "the server is the controller's"


@with_rabbitmq
def test_a_shared_rabbitmq_is_not_killed(run: Services) -> None:
    service = run.open("rabbitmq")
    for verb in (service.kill, service.start_again):
        with pytest.raises(ServiceFailed, match="open it with dedicated=True"):
            verb()
    with pytest.raises(ServiceFailed, match="no limit of bytes"):
        service.limit_bytes(1)
    with pytest.raises(ServiceFailed, match="keeps messages"):
        service.lasting_values()


@with_rabbitmq
def test_an_external_rabbitmq_is_left_as_it_was(run: Services) -> None:
    run.make_ready(["rabbitmq"])
    external = Services(rabbitmq_url=run.shared)
    service = external.open("rabbitmq")
    assert "(--rabbitmq-url)" in service.origin
    assert queue(service, "jobs", "body") == 1
    with pytest.raises(ServiceFailed, match="kills its server"):
        external.open("rabbitmq", dedicated=True)
    external.close()
    with pytest.raises(amqp.exceptions.NotAllowed):
        queue(service, "jobs")


@with_rabbitmq
def test_a_killed_rabbitmq_starts_again_on_its_port_with_its_durable_queues(
    services: Services, temp_folder: Path
) -> None:
    service = services.open("rabbitmq", dedicated=True)
    url = service.url
    assert queue(service, "jobs", "body") == 1
    service.kill()
    assert is_down(service)
    service.start_again()
    assert service.url == url
    assert queue(service, "jobs") == 1
    service.close()
    assert is_down(service)
    assert list(temp_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("amqp://127.0.0.1:1?management=1", "management interface failed"),
        ("http://127.0.0.1:15672", "not the address of a RabbitMQ"),
    ],
)
def test_an_external_rabbitmq_that_cannot_be_used_is_reported(url: str, message: str) -> None:
    with pytest.raises(ServiceFailed, match=message) as raised:
        Services(rabbitmq_url=url).open("rabbitmq")
    assert "--rabbitmq-url" in str(raised.value)


@pytest.mark.usefixtures("bare_machine")
def test_a_missing_rabbitmq_is_reported_with_what_provides_one(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbitmq, "EXECUTABLES", ("rabbitmq-server",))
    with pytest.raises(ServiceMissing) as raised:
        services.open("rabbitmq")
    for words in ("No RabbitMQ server was found", "apt-get install", "--rabbitmq-url="):
        assert words in str(raised.value)
