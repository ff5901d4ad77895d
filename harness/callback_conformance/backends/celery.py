"""Celery, on Redis and on RabbitMQ."""

from __future__ import annotations

from pathlib import Path

from callback_conformance.backends.backend import Backend, Worker
from callback_conformance.backends.capability import IN_REDIS, Capability

BROKER, RESULTS = "BROKER_URL", "RESULT_URL"

#: Without what costs a worker a second at its start, and only serves several workers.
SINGLE_WORKER = ("--without-mingle", "--without-gossip", "--without-heartbeat")


def celery_app(manager: str) -> str:
    """Return the name of a manager's Celery app in a native app."""
    return "celery_app" if manager == "manager" else f"{manager}_celery_app"


def command(manager: str, concurrency: int) -> tuple[str, ...]:
    """Return the words that the user of a native app types to start its worker."""
    words = ("celery", "-A", f"app:{celery_app(manager)}", "worker", "-n", f"{manager}@%h")
    return (*words, "--loglevel", "INFO", "--concurrency", str(concurrency), *SINGLE_WORKER)


WORKER = Worker(command, " ready.", Path(__file__).with_name("celery_worker.py"))
DISTRIBUTIONS = ("celery", "redis")
INSTALL = ("celery[redis]",)
QUEUE = frozenset({Capability.WORKERS, Capability.QUEUE, Capability.CELERY_APP})
SHARED = (
    QUEUE
    | IN_REDIS
    | {Capability.SHARED_RESULTS, Capability.OBSERVABLE_STORE, Capability.OBSERVABLE_POLLS}
)
ON_REDIS = Backend(
    "celery+redis", {BROKER: "redis", RESULTS: "redis"}, WORKER, DISTRIBUTIONS, INSTALL, SHARED
)
ON_RABBITMQ = Backend(
    "celery+rabbitmq",
    {BROKER: "rabbitmq", RESULTS: "redis"},
    WORKER,
    DISTRIBUTIONS,
    INSTALL,
    SHARED,
)
#: Only the server process that started a job can read its result.
BY_RPC = Backend("celery+rpc", {BROKER: "rabbitmq"}, WORKER, ("celery",), ("celery",), QUEUE)
