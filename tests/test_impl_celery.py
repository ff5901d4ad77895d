"""Jobs of our Dash style in Celery workers: real workers, and a real Redis of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from redis import Redis

from callback_conformance.backends.service import Service
from callback_conformance.backends.services import Services
from tests.celery_program import Program, dead, kill, running, wait
from tests.http_page import HttpPage

DEAD_S = 20  # the lease of a worker lasts 5


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    opened = Services(None, None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program with one worker, for tests that leave it as it was."""
    redis = services.open("redis", dedicated=True)
    with running(Program(tmp_path_factory.mktemp("shared"), redis.url, redis.url)) as program:
        program.server()
        program.worker()
        yield program


@pytest.fixture
def redis(services: Services) -> Iterator[Service]:
    """A Redis that a test may kill."""
    opened = services.open("redis", dedicated=True)
    yield opened
    opened.close()


@pytest.fixture
def program(redis: Service, tmp_path: Path) -> Iterator[Program]:
    """A program of the test's own."""
    with running(Program(tmp_path, redis.url, redis.url)) as opened:
        yield opened


def page_of(program: Program) -> HttpPage:
    return HttpPage(program.urls[0])


def test_progress_and_result_come_from_a_worker(shared: Program) -> None:
    page = page_of(shared)
    key = page.run("plain")
    assert page.news(key, "progress") == {"bar.children": "plain started"}
    shared.let_go("plain")
    assert page.result(key) == "plain!"
    assert shared.starts().count("plain") == 1


@pytest.mark.parametrize("value", ["child", "deaf"])
def test_a_cancelled_job_and_what_it_started_are_dead_when_the_cancel_is_answered(
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


def test_a_job_that_was_cancelled_while_it_waited_never_starts(shared: Program) -> None:
    first, second, third = page_of(shared), page_of(shared), page_of(shared)
    busy = first.run("busy")
    shared.job("busy")
    waiting = second.run("waiting")
    assert second.poll(waiting).json() == {"multi": True}
    last = third.run("last")
    second.cancel()
    shared.let_go("busy")
    shared.let_go("last")
    assert (first.result(busy), third.result(last)) == ("busy!", "last!")
    second.ends_without_update(waiting)
    assert "waiting" not in shared.starts()


def test_a_job_that_is_killed_is_told_at_once(shared: Program) -> None:
    page = page_of(shared)
    key = page.run("killed")
    shared.job("killed").kill()
    assert "died without a result" in page.result(key, seconds=4)  # sooner than a lease ends


def test_a_job_that_leaves_by_itself_is_told_at_once(shared: Program) -> None:
    page = page_of(shared)
    assert "died without a result" in page.result(page.run("leaves"), seconds=4)


def test_a_second_server_process_knows_the_runs_of_the_first(shared: Program) -> None:
    page = page_of(shared)
    key = page.run("elsewhere")
    shared.job("elsewhere")
    page.url = shared.server()
    shared.let_go("elsewhere")
    assert page.result(key) == "elsewhere!"


def test_a_pool_process_that_is_killed_takes_its_job_with_it_and_the_page_is_told(
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


def test_the_page_of_a_worker_that_is_killed_is_told_and_the_next_worker_serves_it(
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


def test_a_job_that_lay_with_a_killed_worker_runs_once_in_the_next(
    program: Program, redis: Service
) -> None:
    program.server()
    first, second = page_of(program), page_of(program)
    worker = program.worker()
    first.run("first")
    program.job("first")
    key = second.run("second")  # fetched by the worker, which is busy
    queue = Redis.from_url(redis.url)
    wait(lambda: queue.llen("celery") == 0, lambda: "the worker fetches no second message")
    queue.close()
    kill(worker)
    program.worker()
    program.let_go("second")
    assert second.result(key, 3 * DEAD_S) == "second!"
    assert program.starts() == ["first", "second"]
