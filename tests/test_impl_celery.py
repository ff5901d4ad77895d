"""Jobs of our Dash style in Celery workers: real ones, on a dedicated Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from redis import Redis

from callback_conformance.backends.service import Service
from callback_conformance.backends.services import Services
from tests.celery_program import LONG_LEASE, Program, dead, kill, running, wait
from tests.http_page import HttpPage

DEAD_S = 20  # within which a dead worker is noticed: its lease lasts 5 s


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    services = Services(None, None)
    yield services
    services.close()


@pytest.fixture(scope="module")
def shared(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program with one worker, for tests that leave it as it was."""
    redis = services.open("redis", dedicated=True)
    folder = tmp_path_factory.mktemp("shared")
    with running(Program(folder, redis.url, redis.url, lease=LONG_LEASE)) as program:
        program.server()
        program.worker()
        yield program


@pytest.fixture
def redis(services: Services) -> Iterator[Service]:
    """A Redis that a test may kill."""
    redis = services.open("redis", dedicated=True)
    yield redis
    redis.close()


@pytest.fixture
def program(redis: Service, tmp_path: Path) -> Iterator[Program]:
    """A program that a test has for itself."""
    with running(Program(tmp_path, redis.url, redis.url)) as program:
        yield program


def page_of(program: Program) -> HttpPage:
    """A page of the program's first server."""
    return HttpPage(program.urls[0])


def test_a_worker_delivers_progress_and_result(shared: Program) -> None:
    page = page_of(shared)
    key = page.run("plain")
    assert page.news(key, "progress") == {"bar.children": "plain started"}
    shared.let_go("plain")
    assert page.result(key) == "plain!"
    assert shared.starts().count("plain") == 1


@pytest.mark.parametrize("value", ["child", "deaf"])
def test_a_cancelled_job_and_its_children_are_dead_when_the_cancel_is_answered(
    shared: Program, value: str
) -> None:
    page = page_of(shared)
    key = page.run(value)
    job = shared.job(value)
    children: list[psutil.Process] = []
    if value == "child":
        wait((shared.folder / "steps").exists, lambda: "no child")
        children = job.children()
    page.cancel()
    assert all(map(dead, [job, *children]))
    page.ends_without_update(key)
    shared.let_go(f"after-{value}")
    assert page.result(page.run(f"after-{value}")) == f"after-{value}!"


def test_a_replaced_job_is_dead_and_the_newest_result_is_shown(shared: Program) -> None:
    page = page_of(shared)
    page.run("older")
    job = shared.job("older")
    shared.let_go("newer")
    key = page.run("newer")
    assert dead(job)
    assert page.result(key) == "newer!"


def test_cancelling_a_queued_job_prevents_it_from_starting(shared: Program) -> None:
    first, second, third = page_of(shared), page_of(shared), page_of(shared)
    busy = first.run("busy")
    shared.job("busy")
    queued = second.run("queued")
    assert second.poll(queued).json() == {"multi": True}
    last = third.run("last")
    second.cancel()
    shared.let_go("busy")
    shared.let_go("last")
    assert (first.result(busy), third.result(last)) == ("busy!", "last!")
    second.ends_without_update(queued)
    assert "queued" not in shared.starts()


def test_the_page_shows_at_once_that_its_job_was_killed(shared: Program) -> None:
    page = page_of(shared)
    key = page.run("killed")
    shared.job("killed").kill()
    assert "died without a result" in page.result(key, DEAD_S)


def test_the_page_shows_at_once_that_its_job_has_exited(shared: Program) -> None:
    page = page_of(shared)
    assert "died without a result" in page.result(page.run("exits"), DEAD_S)


def test_a_second_server_process_serves_the_runs_of_the_first(shared: Program) -> None:
    page = page_of(shared)
    key = page.run("elsewhere")
    shared.job("elsewhere")
    page.url = shared.server()
    shared.let_go("elsewhere")
    assert page.result(key) == "elsewhere!"


def test_killing_a_pool_process_kills_its_job_and_the_page_shows_it(
    program: Program,
) -> None:
    page = HttpPage(program.server())
    program.worker()
    key = page.run("orphan")
    job = program.job("orphan")
    pool = job.parent()
    assert pool
    pool.kill()
    wait(lambda: dead(job), lambda: "the job outlives its watcher")
    assert "died without a result" in page.result(key, DEAD_S)
    program.let_go("next")
    assert page.result(page.run("next"), DEAD_S) == "next!"


def test_the_page_of_a_killed_worker_shows_it_and_the_next_worker_serves_the_page(
    program: Program,
) -> None:
    page = HttpPage(program.server())
    worker = program.worker()
    key = page.run("lost")
    program.job("lost")
    kill(worker)
    assert "died without a result" in page.result(key, DEAD_S)
    key = page.run("next")
    assert page.poll(key).json() == {"multi": True}
    program.let_go("next")
    program.worker()
    assert page.result(key, DEAD_S) == "next!"


def test_a_job_that_a_killed_worker_had_fetched_runs_once_in_the_next(
    program: Program, redis: Service
) -> None:
    program.server()
    first, second = page_of(program), page_of(program)
    worker = program.worker()
    first.run("first")
    program.job("first")
    key = second.run("second")  # the worker fetches it, although it is busy
    queue = Redis.from_url(redis.url)
    wait(lambda: queue.llen("celery") == 0, lambda: "the worker has not fetched the second message")
    queue.close()
    kill(worker)
    program.worker()
    program.let_go("second")
    assert second.result(key, 3 * DEAD_S) == "second!"
    assert program.starts() == ["first", "second"]
