"""Backends as data: the built-in ones, third-party ones, and messages about mistakes in their declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from callback_conformance import backends
from callback_conformance.backends import Backend, BadBackend, Capability
from callback_conformance.processes import NotDecided, WarmProcess, WorkerDidNotStart, WorkerProcess
from tests.tiny import ROOT

NAME = "their_package.module:make_manager"
TABLE = f'[tool.callback-conformance.backends."{NAME}"]'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The pyproject.toml of the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "pyproject.toml"


def test_a_backend_without_services_needs_nothing_beside_its_implementation() -> None:
    assert backends.find("thread") == Backend("thread")


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("celery+redis", {"redis"}),
        ("celery+rabbitmq", {"rabbitmq", "redis"}),
        ("celery+rpc", {"rabbitmq"}),
    ],
)
def test_celery_is_found_with_its_services(name: str, services: set[str]) -> None:
    assert set(backends.find(name).services.values()) == services


def test_each_manager_on_celery_has_a_worker_of_its_own() -> None:
    worker = backends.find("celery+redis").worker
    assert worker
    assert worker.command("manager", 2)[:4] == ("celery", "-A", "app:celery_app", "worker")
    assert worker.command("second", 2)[:4] == ("celery", "-A", "app:second_celery_app", "worker")


def test_a_third_party_backend_needs_no_project(project: Path) -> None:
    backend = backends.find(NAME)
    assert not project.exists()
    assert (backend.third_party, backend.services, backend.worker) == (True, {}, None)


def test_a_project_declares_its_backend(project: Path) -> None:
    project.write_text(
        f'{TABLE}\nworker = "work --name {{manager}} -c {{concurrency}}"\nready = "up"\n'
        'services = ["redis"]\ninstall = ["."]\nabsent = ["shared results"]\n'
    )
    backend = backends.find(NAME)
    assert backend.services == {"REDIS_URL": "redis"}
    assert backend.install == (".",)
    assert backend.lacks(Capability.SHARED_RESULTS, Capability.WORKERS) is Capability.SHARED_RESULTS
    assert backend.lacks(Capability.WORKERS, Capability.QUEUE, Capability.STOPPABLE_STORE) is None
    assert backend.lacks(Capability.OBSERVABLE_STORE)
    assert backend.worker
    assert backend.worker.command("second", 3) == ("work", "--name", "second", "-c", "3")
    assert backend.worker.ready == "up"


def test_the_command_line_wins_over_the_project(project: Path) -> None:
    project.write_text(f'{TABLE}\nworker = "work"\nservices = ["redis"]\n')
    backend = backends.find(NAME, "other work", ("rabbitmq",))
    assert backend.services == {"RABBITMQ_URL": "rabbitmq"}
    assert backend.worker
    assert backend.worker.command("manager", 1) == ("other", "work")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{TABLE}\nworker = 5\n", "worker = 5; expected worker (text)"),
        (f"{TABLE}\nwork = 'x'\n", "work = 'x'; expected worker (text), ready (text)"),
        (
            f"{TABLE}\nservices = ['mongo']\n",
            "unknown service 'mongo'; choose from redis, rabbitmq",
        ),
        (
            f"{TABLE}\nabsent = ['threads']\n",
            "declares 'threads' absent; of a backend with its worker and services, only these are expected: ",
        ),
        (f"{TABLE}\nabsent = ['workers']\n", "only these are expected: shared results, own store"),
        (f"{TABLE}\nworker = 'work {{what}}'\n", "it may contain {manager} and {concurrency}"),
        (f'{TABLE}\nworker = "it\'s"\n', "cannot be parsed"),
        ("[tool\n", "is not valid TOML"),
        ("tool = 3\n", "expected a table"),
    ],
)
def test_a_mistake_in_a_project_is_reported(project: Path, text: str, message: str) -> None:
    project.write_text(text)
    with pytest.raises(BadBackend) as error:
        backends.find(NAME)
    assert message in str(error.value)


def test_the_tutorial_names_all_that_may_be_absent(project: Path) -> None:
    project.write_text(f'{TABLE}\nworker = "work"\nservices = ["redis"]\n')
    page = (ROOT / "docs" / "your-own-backend.md").read_text(encoding="utf-8")
    named = set(re.findall(r'^\| `"(.+?)"` \|', page, re.MULTILINE))
    assert named == {capability.value for capability in backends.find(NAME).capabilities}


# Workers.


@pytest.fixture
def workers() -> Iterator[list[WorkerProcess]]:
    """The workers of a test; each is killed after it."""
    started: list[WorkerProcess] = []
    yield started
    for worker in started:
        worker.kill()


def test_a_worker_is_started_by_the_words_of_its_user(
    warm: WarmProcess, tmp_path: Path, workers: list[WorkerProcess]
) -> None:
    words = ("sh", "-c", 'echo "$GREETING in $PWD"; sleep 600')
    workers.append(WorkerProcess(warm, tmp_path, words, {"GREETING": "ready"}, "ready in"))
    workers[0].wait_until_ready()
    assert workers[0].printed() == f"ready in {tmp_path}\n"


def test_a_worker_that_ends_before_it_is_ready_is_reported_with_what_it_printed(
    warm: WarmProcess, tmp_path: Path, workers: list[WorkerProcess]
) -> None:
    workers.append(WorkerProcess(warm, tmp_path, ("sh", "-c", "echo no broker"), {}, "ready"))
    with pytest.raises(WorkerDidNotStart, match=r"ended before it was ready\.\nIt printed:\nno br"):
        workers[0].wait_until_ready()


def test_a_command_that_does_not_exist_is_reported(warm: WarmProcess, tmp_path: Path) -> None:
    with pytest.raises(NotDecided, match="No such file or directory"):
        WorkerProcess(warm, tmp_path, ("no-such-command",), {}, "ready")


def test_a_worker_is_ready_anew_after_it_was_started_again(
    warm: WarmProcess, tmp_path: Path, workers: list[WorkerProcess]
) -> None:
    words = ("sh", "-c", "echo ready; sleep 600")
    workers.append(WorkerProcess(warm, tmp_path, words, {}, "ready"))
    workers[0].wait_until_ready()
    workers[0].kill()
    workers[0].start()
    workers[0].wait_until_ready()
    assert workers[0].printed() == "ready\nready\n"
