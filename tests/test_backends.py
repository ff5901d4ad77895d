"""Backends as data: the known ones, anyone's own, and what is said of a mistake in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callback_conformance import backends
from callback_conformance.backends import Backend, BadBackend, Capability
from callback_conformance.processes import WarmProcess, WorkerDidNotStart, WorkerProcess

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
    assert worker.command("theirs", 2)[:4] == ("celery", "-A", "app:theirs_celery_app", "worker")


def test_ones_own_backend_needs_no_project(project: Path) -> None:
    found = backends.find(NAME)
    assert not project.exists()
    assert (found.third_party, found.services, found.worker) == (True, {}, None)


def test_a_project_describes_its_backend(project: Path) -> None:
    project.write_text(
        f'{TABLE}\nworker = "work --name {{manager}} -c {{concurrency}}"\nready = "up"\n'
        'services = ["redis"]\ninstall = ["."]\nabsent = ["shared results"]\n'
    )
    found = backends.find(NAME)
    assert found.services == {"REDIS_URL": "redis"}
    assert found.install == (".",)
    assert found.lacks(Capability.SHARED_RESULTS, Capability.WORKERS) is Capability.SHARED_RESULTS
    assert found.lacks(Capability.WORKERS, Capability.QUEUE, Capability.STOPPABLE_STORE) is None
    assert found.lacks(Capability.OBSERVABLE_STORE)
    assert found.worker
    assert found.worker.command("mine", 3) == ("work", "--name", "mine", "-c", "3")
    assert found.worker.ready == "up"


def test_the_command_line_wins_over_the_project(project: Path) -> None:
    project.write_text(f'{TABLE}\nworker = "work"\nservices = ["redis"]\n')
    found = backends.find(NAME, "other work", ("rabbitmq",))
    assert found.services == {"RABBITMQ_URL": "rabbitmq"}
    assert found.worker
    assert found.worker.command("manager", 1) == ("other", "work")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{TABLE}\nworker = 5\n", "worker = 5; expected worker (text)"),
        (f"{TABLE}\nwork = 'x'\n", "work = 'x'; expected worker (text), ready (text)"),
        (
            f"{TABLE}\nservices = ['mongo']\n",
            "unknown service 'mongo'; choose from redis, rabbitmq",
        ),
        (
            f"{TABLE}\nabsent = ['threads']\n",
            "unknown capability 'threads' absent; choose from shared results, workers, queue, ",
        ),
        (f"{TABLE}\nworker = 'work {{what}}'\n", "it may contain {manager} and {concurrency}"),
        (f'{TABLE}\nworker = "it\'s"\n', "cannot be parsed"),
        ("[tool\n", "is not valid TOML"),
        ("tool = 3\n", "expected a table"),
    ],
)
def test_a_mistake_in_a_project_is_told(project: Path, text: str, told: str) -> None:
    project.write_text(text)
    with pytest.raises(BadBackend) as error:
        backends.find(NAME)
    assert told in str(error.value)


# Workers.


@pytest.fixture
def worker(warm: WarmProcess, tmp_path: Path) -> Iterator[list[WorkerProcess]]:
    """The workers of a test; each is killed after it."""
    started: list[WorkerProcess] = []
    yield started
    for one in started:
        one.kill()


def test_a_worker_is_started_by_the_words_of_its_user(
    warm: WarmProcess, tmp_path: Path, worker: list[WorkerProcess]
) -> None:
    words = ("sh", "-c", 'echo "$GREETING in $PWD"; sleep 600')
    worker.append(WorkerProcess(warm, tmp_path, words, {"GREETING": "ready"}, "ready in"))
    worker[0].wait_until_ready()
    assert worker[0].printed() == f"ready in {tmp_path}\n"


def test_a_worker_that_ends_before_it_is_ready_tells_what_it_printed(
    warm: WarmProcess, tmp_path: Path, worker: list[WorkerProcess]
) -> None:
    worker.append(WorkerProcess(warm, tmp_path, ("sh", "-c", "echo no broker"), {}, "ready"))
    with pytest.raises(WorkerDidNotStart, match=r"ended before it was ready\.\nIt printed:\nno br"):
        worker[0].wait_until_ready()


def test_a_command_that_does_not_exist_is_told(
    warm: WarmProcess, tmp_path: Path, worker: list[WorkerProcess]
) -> None:
    worker.append(WorkerProcess(warm, tmp_path, ("no-such-command",), {}, "ready"))
    with pytest.raises(WorkerDidNotStart, match="No such file or directory"):
        worker[0].wait_until_ready()


def test_a_worker_is_ready_anew_after_it_was_started_again(
    warm: WarmProcess, tmp_path: Path, worker: list[WorkerProcess]
) -> None:
    words = ("sh", "-c", "echo ready; sleep 600")
    worker.append(WorkerProcess(warm, tmp_path, words, {}, "ready"))
    worker[0].wait_until_ready()
    worker[0].kill()
    worker[0].start()
    worker[0].wait_until_ready()
    assert worker[0].printed() == "ready\nready\n"
