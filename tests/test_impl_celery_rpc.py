"""Jobs of Labs in Celery workers with RabbitMQ alone, where one server process holds the results."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from callback_conformance.backends.service import Service
from callback_conformance.backends.services import Services
from tests.celery_program import LABS, Program, dead, kill, running, wait
from tests.http_page import HttpPage

DEAD_S = 20  # within which a dead worker is noticed: its lease lasts 5 s


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[Service]:
    services = Services()
    yield services.open("rabbitmq")
    services.close()


@pytest.fixture(scope="module")
def program(rabbitmq: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program with one server and one worker."""
    folder = tmp_path_factory.mktemp("labs")
    with running(Program(folder, rabbitmq.url, "rpc://", LABS)) as program:
        program.server()
        program.worker()
        yield program


@pytest.fixture
def page(program: Program) -> HttpPage:
    return HttpPage(program.urls[0])


def test_progress_and_result_reach_the_server_that_started_the_job(
    program: Program, page: HttpPage
) -> None:
    key = page.run("plain")
    assert page.news(key, "progress") == {"bar.children": "plain started"}
    program.let_go("plain")
    assert page.result(key) == "plain!"


def test_a_cancelled_job_and_its_child_are_dead_when_the_cancel_is_answered(
    program: Program, page: HttpPage
) -> None:
    key = page.run("child")
    job = program.job("child")
    wait((program.folder / "steps").exists, lambda: "no child")
    children: list[psutil.Process] = job.children()
    page.cancel()
    assert all(map(dead, [job, *children]))
    page.ends_without_update(key)
    program.let_go("after")
    assert page.result(page.run("after")) == "after!"


def test_cancelling_a_queued_job_prevents_it_from_starting(
    program: Program, page: HttpPage
) -> None:
    second = HttpPage(page.url)
    busy = page.run("busy")
    program.job("busy")
    queued = second.run("queued")
    assert second.poll(queued).json() == {"multi": True}
    second.cancel()
    program.let_go("busy")
    program.let_go("last")
    assert page.result(busy) == "busy!"
    assert page.result(page.run("last")) == "last!"
    assert "queued" not in program.starts()


def test_the_page_shows_that_its_job_was_killed(program: Program, page: HttpPage) -> None:
    key = page.run("killed")
    program.job("killed").kill()
    assert "died without a result" in page.result(key, DEAD_S)


def test_another_server_process_answers_the_page_with_an_error_at_once(
    program: Program, page: HttpPage
) -> None:
    key = page.run("elsewhere")
    program.job("elsewhere")
    answer = page.poll(key, program.server())
    assert (answer.status_code, "shares no store" in answer.text) == (500, True)
    program.let_go("elsewhere")
    assert page.result(key) == "elsewhere!"


def test_the_page_of_a_killed_worker_shows_it(program: Program, page: HttpPage) -> None:
    worker = program.processes[1]
    key = page.run("lost")
    program.job("lost")
    kill(worker)
    assert "died without a result" in page.result(key, DEAD_S)
    program.worker()
    program.let_go("next")
    assert page.result(page.run("next"), DEAD_S) == "next!"


def test_killing_the_server_stops_its_job(program: Program, page: HttpPage) -> None:
    page.run("nobody's")
    job = program.job("nobody's")
    kill(program.processes[0])
    wait(
        lambda: dead(job),
        lambda: "the job outlives its server, the only one that can show its result",
    )
