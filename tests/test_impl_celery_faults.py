"""Our Dash style on Celery survives faults of its Redis, its broker and its workers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from celery import Celery
from redis import Redis
from redis.exceptions import LockError

from callback_conformance.backends.service import Service
from callback_conformance.backends.services import Services
from impl_dash_style import CeleryManager, Input, Output, leases
from impl_dash_style.declaration import declare
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.job import Job
from impl_dash_style.redis_store import CONNECTION, RedisStore
from impl_dash_style.store import KeyValueStore
from impl_dash_style.trigger import RequestFacts, Trigger
from tests.celery_program import Program, dead, running
from tests.http_page import HttpPage

NO_REQUEST = RequestFacts({}, {}, "/", {}, None, None)
ROOT = Path(__file__).parents[1]
COUNT = """
import sys
from redis import Redis
from impl_dash_style.redis_store import CONNECTION, RedisStore
store = RedisStore(Redis.from_url(sys.argv[1], **CONNECTION))
for _ in range(int(sys.argv[2])):
    with store.transact("page"):
        store.set("count", (store.get("count") or 0) + 1)
"""
DIES_IN_A_TRANSACTION = """
import os, signal, sys
from redis import Redis
from impl_dash_style.redis_store import CONNECTION, RedisStore

store = RedisStore(Redis.from_url(sys.argv[1], **CONNECTION))
with store.transact("page"):
    store.set("half", "written")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


@pytest.fixture
def redis(services: Services) -> Iterator[Service]:
    redis = services.open("redis", dedicated=True)
    yield redis
    redis.close()


@pytest.fixture
def store(redis: Service) -> KeyValueStore:
    return RedisStore(Redis.from_url(redis.url, **CONNECTION))


@pytest.fixture
def program(redis: Service, tmp_path: Path) -> Iterator[Program]:
    with running(Program(tmp_path, redis.url, redis.url)) as program:
        yield program


# The store in Redis.


def test_no_increment_by_two_processes_is_lost(redis: Service, store: KeyValueStore) -> None:
    command = [sys.executable, "-c", COUNT, redis.url, "50"]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert store.get("count") == 100


def test_no_increment_by_two_threads_is_lost(store: KeyValueStore) -> None:
    def count() -> None:
        for _ in range(50):
            with store.transact("page"):
                store.set("count", (store.get("count") or 0) + 1)

    threads = [Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("count") == 100


def test_a_process_that_is_killed_in_a_transaction_writes_nothing_and_blocks_no_other_for_long(
    redis: Service, store: KeyValueStore
) -> None:
    subprocess.run([sys.executable, "-c", DIES_IN_A_TRANSACTION, redis.url], cwd=ROOT, check=False)
    with store.transact("page"):
        assert "half" not in store


def test_a_transaction_that_outlasts_its_lock_raises_and_writes_nothing(
    redis: Service, store: KeyValueStore
) -> None:
    def stall() -> None:
        with store.transact("page"):
            store.set("stalled", True)
            with Redis.from_url(
                redis.url
            ) as other:  # as if the lock had expired and another had taken it
                other.set("impl_dash_style.page.lock", "another's")

    with pytest.raises(LockError):
        stall()
    assert "stalled" not in store


def test_a_transaction_reads_its_own_writes_and_others_read_them_after_its_end(
    redis: Service, store: KeyValueStore
) -> None:
    other = RedisStore(Redis.from_url(redis.url, **CONNECTION))
    store.set("old", 1)
    with store.transact("page"):
        store.set("new", 2)
        assert (store.get("new"), other.get("new")) == (2, None)
        assert not store.add("new", 3)
        assert store.touch("new", expire=60)
        store.delete("old")
        assert ("old" in store, "old" in other) == (False, True)
        with store.transact("page"):
            assert store.add("old", 4)
    assert (other.get("new"), other.get("old")) == (2, 4)


def test_an_entry_can_be_added_once_and_touched_while_it_exists_and_expires(
    redis: Service, store: KeyValueStore
) -> None:
    assert store.add("key", 1, expire=60)
    assert not store.add("key", 2)
    assert store.touch("key", expire=0.5)
    with Redis.from_url(redis.url) as client:
        assert client.pttl("impl_dash_style.key") <= 500
        assert store.touch("key")
        assert client.pttl("impl_dash_style.key") == -1
        assert json.loads(client.get("impl_dash_style.key") or b"") == 1
    store.delete("key")
    assert not store.touch("key", expire=60)
    assert not store.touch("key")


def test_a_queued_job_is_claimed_once(store: KeyValueStore) -> None:
    callback = declare(print, (Output("out", "v"), Input("in", "v")), {"background": True})
    assert callback.background
    trigger = Trigger([], [], [], [], "", NO_REQUEST)
    job = Job("id", "page", callback, callback.background, trigger)
    leases.enqueue(store, job)
    assert leases.is_queued(store, "id")
    claimed = leases.claim(store, "id") or {}
    assert claimed.pop("callback") == callback.identity
    assert Job.restored(callback, **claimed) == job
    assert leases.claim(store, "id") is None
    assert (leases.is_queued(store, "id"), leases.is_leased(store, "id")) == (False, True)
    leases.release(store, "id")
    assert not leases.is_leased(store, "id")


# The program with its servers and workers.


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (Celery, "expected a celery.Celery"),
        (Celery("app", broker="redis://localhost"), "keeps no results"),
        (Celery("app", broker="redis://localhost", backend="rpc://"), "RPCBackend"),
        (Celery("app", broker="redis://localhost", backend="cache+memory://"), "CacheBackend"),
        (Celery("app", backend="redis://localhost", task_always_eager=True), "task_always_eager"),
    ],
)
def test_a_manager_raises_for_a_celery_app_that_cannot_work(app: object, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        CeleryManager(app)


def test_after_redis_was_emptied_the_page_shows_an_error_and_its_next_trigger_works(
    program: Program, redis: Service
) -> None:
    page = HttpPage(program.server())
    program.worker()
    key = page.run("forgotten")
    job = program.job("forgotten")
    redis.empty()
    assert "no longer known" in page.poll(key).text
    program.let_go("next")
    assert page.result(page.run("next"), 30) == "next!"
    assert dead(job)


def test_while_redis_is_down_polls_and_triggers_fail_and_after_its_restart_they_work(
    program: Program, redis: Service
) -> None:
    page = HttpPage(program.server())
    program.worker()
    key = page.run("cut-off")
    program.job("cut-off")
    redis.kill()
    answer = page.poll(key)
    assert (answer.status_code, "Redis" in answer.text) == (500, True)
    answer = page.trigger("out.children", "run", "too early")
    assert (answer.status_code, "Redis" in answer.text) == (500, True)
    redis.start_again()
    program.let_go("next")
    assert page.result(page.run("next"), 30) == "next!"


def test_a_result_too_large_for_redis_is_a_failure_and_the_next_result_is_shown(
    program: Program, redis: Service
) -> None:
    page = HttpPage(program.server())
    program.worker()
    redis.limit_bytes(10_000_000)
    assert "could not be stored" in page.result(page.run("big"), 30)
    program.let_go("next")
    assert page.result(page.run("next"), 30) == "next!"


def test_a_trigger_fails_at_once_when_the_broker_cannot_be_reached(
    redis: Service, tmp_path: Path
) -> None:
    with running(Program(tmp_path, "redis://127.0.0.1:9/0", redis.url)) as program:
        page = HttpPage(program.server())
        answer = page.trigger("out.children", "run", "unsent")
        assert (answer.status_code, "broker" in answer.text) == (500, True)


def test_a_message_that_the_broker_lost_is_sent_again(redis: Service, tmp_path: Path) -> None:
    broker = redis.url.replace("/0", "/1")
    with running(Program(tmp_path, broker, redis.url)) as program, Redis.from_url(broker) as queue:
        page = HttpPage(program.server())
        key = page.run("lost")
        assert queue.llen("celery") == 1
        queue.flushdb()
        program.worker()
        program.let_go("lost")
        assert page.result(key, 30) == "lost!"


def test_a_message_that_is_delivered_twice_runs_one_job(redis: Service, tmp_path: Path) -> None:
    broker = redis.url.replace("/0", "/1")
    with running(Program(tmp_path, broker, redis.url)) as program, Redis.from_url(broker) as queue:
        page = HttpPage(program.server())
        key = page.run("twice")
        message = queue.lindex("celery", 0)
        assert isinstance(message, bytes)
        queue.rpush("celery", message)
        program.worker()
        program.let_go("twice")
        assert page.result(key, 30) == "twice!"
        program.let_go("next")
        assert page.result(page.run("next"), 30) == "next!"
        assert program.starts() == ["twice", "next"]


@pytest.mark.parametrize("pool", ["threads", "solo"])
def test_a_job_in_another_pool_is_cancelled_too(program: Program, pool: str) -> None:
    page = HttpPage(program.server())
    program.worker("--pool", pool)
    page.run("unwanted")
    job = program.job("unwanted")
    page.cancel()
    assert dead(job)
    program.let_go("next")
    assert page.result(page.run("next"), 30) == "next!"


def test_the_page_shows_that_its_worker_does_not_know_the_callback(
    program: Program, redis: Service, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = HttpPage(program.server())
    folder = tmp_path_factory.mktemp("other")
    with running(Program(folder, redis.url, redis.url)) as other:
        text = (folder / "app.py").read_text().replace("def job(", "def another(")
        (folder / "app.py").write_text(text)
        other.worker()
        assert "worker does not know" in page.result(page.run("unknown"), 30)
