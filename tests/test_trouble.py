"""What fails beside an implementation is named, convicts nobody, and leaves nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from callback_conformance.processes import (
    App,
    AppDidNotStart,
    NotDecided,
    WarmProcess,
    WarmProcessFailed,
)
from callback_conformance.processes.temporary import (
    LONGEST_SOCKET,
    NAME,
    remove_leftovers,
    temporary_folder,
)
from callback_conformance.processes.warm import Command
from tests.running_apps import FAMILY, PORT, SERVES, STRAY, ended, family, killed, lives, start
from tests.tiny import KNOWN, Tiny, text, three, verdicts

pytest_plugins = ["pytester"]


@pytest.mark.usefixtures("descriptors")
def test_a_warm_process_that_has_died_is_started_again_and_leaves_no_app(disk: Path) -> None:
    warm = WarmProcess(sys.executable)
    warm.warm(["colorsys"])
    app = App(warm, FAMILY + STRAY + SERVES, PORT, probe_socket="")
    app.wait_until_listening()
    everyone = [app.pid, *family(app)]
    assert len(everyone) == 4
    killed(warm)
    assert "has ended unexpectedly" in warm.failure()
    with pytest.raises(WarmProcessFailed, match="has ended unexpectedly"):
        app.close()
    for pid in everyone:
        ended(pid)
    source = f"import sys\nprint('colorsys' in sys.modules)\n{SERVES}"
    app = App(warm, source, PORT, probe_socket="")
    app.wait_until_listening()
    assert app.log_tail() == "True"
    assert not warm.failure()
    app.close()
    warm.close()
    assert list(disk.iterdir()) == []


def test_what_starts_with_the_interpreter_may_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('hello')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    warm = WarmProcess(sys.executable)
    warm.warm([])
    warm.close()


def test_what_is_the_frameworks_to_read_does_not_reach_an_app_from_the_users_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("HOST", "DASH_DEBUG", "FLASK_APP", "TAIPY_TESTING", "CELERY_BROKER_URL")
    for name in names:
        monkeypatch.setenv(name, "the-users")
    monkeypatch.setenv("ANOTHER", "the-users")
    warm = WarmProcess(sys.executable)
    source = f"import os\nprint([n for n in {(*names, 'ANOTHER')} if n in os.environ])\n{SERVES}"
    app = App(warm, source, PORT, probe_socket="")
    app.wait_until_listening()
    assert app.log_tail() == "['ANOTHER']"
    app.close()
    warm.close()


# What is not the app's own failure.


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise OSError(28, 'No space left on device')", "[Errno 28] No space left on device"),
        ("raise OSError(24, 'Too many open files')", "[Errno 24] Too many open files"),
        ("raise MemoryError", "MemoryError"),
        ("open('/dev/full', 'w').write('x' * 100000)", "[Errno 28] No space left on device"),
        ("import os; os.kill(os.getpid(), 9)", "killed by SIGKILL"),
    ],
)
def test_an_app_that_lacks_what_the_machine_should_give_it_is_not_at_fault(
    warm: WarmProcess, running: list[App], source: str, words: str
) -> None:
    with pytest.raises(AppDidNotStart) as raised:
        start(warm, source, running).wait_until_listening()
    assert words in str(raised.value).partition("\n")[0]


def test_a_program_that_could_not_begin_is_reported(warm: WarmProcess, tmp_path: Path) -> None:
    with pytest.raises(NotDecided, match=r"`app\.py` could not be started: .*No such file"):
        warm.fork(Command(["app.py"], tmp_path, tmp_path / "missing" / "log", {}))


def test_a_folder_that_takes_nothing_is_named(warm: WarmProcess, tmp_path: Path) -> None:
    assert warm.write_failure(tmp_path) == ""
    assert "/proc/self" in warm.write_failure(Path("/proc/self"))
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_is_cut_by_a_limit_does_not_put_an_app_at_fault(running: list[App]) -> None:
    warm = WarmProcess(sys.executable)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(warm.pid, resource.RLIMIT_FSIZE, (100, most))
    source = "print('.' * 200)\nraise ValueError\n"
    with pytest.raises(AppDidNotStart, match="File too large"):
        start(warm, source, running).wait_until_listening()
    running.pop().close()
    warm.close()


# Folders for temporary files.


@pytest.mark.parametrize("kind", ["", "rabbitmq"])
def test_a_socket_in_a_temporary_folder_has_a_short_path_wherever_tmpdir_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    deep = tmp_path / ("long" * 25)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    folder = temporary_folder(kind)
    assert len(str(folder)) <= len(f"/tmp/{LONGEST_SOCKET.partition('/')[0]}")
    assert NAME.fullmatch(folder.name)
    folder.rmdir()


def test_what_an_app_leaves_among_the_temporary_files_goes_with_it(
    disk: Path, warm: WarmProcess, running: list[App]
) -> None:
    source = "import tempfile\nprint(tempfile.mkdtemp(prefix='left-'))\n"
    app = start(warm, source + SERVES, running)
    app.wait_until_listening()
    assert Path(app.log_tail()).is_relative_to(app.folder)


KILLED = """\
import os, sys
from callback_conformance.processes import App, Launch, WarmProcess
app = App(WarmProcess(sys.executable), sys.argv[1], Launch(environment={"PORT": "{port}"}), "")
app.wait_until_listening()
os.kill(app._warm.pid, 9)
print(app.pid, app.folder, flush=True)
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_run_has_left_the_next_run_removes(disk: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", KILLED, SERVES],
        env={**os.environ, "TMPDIR": str(disk)},
        capture_output=True,
        text=True,
        check=False,
    )
    pid, folder = run.stdout.split()
    assert lives(int(pid))
    own = temporary_folder()
    (disk / "conformance-of-a-user").mkdir()
    assert Path(folder).exists()
    remove_leftovers()
    ended(int(pid))
    assert {entry.name for entry in disk.iterdir()} == {own.name, "conformance-of-a-user"}


# Verdicts.

LACKING = "assert False, 'the page shows: [Errno 28] No space left on device'"
KILLED_IN_TEST = """\
page = open_page(Button("run"), Text("out"), background(output="out.children", inputs="run.n_clicks", job=give(1)))
    os.kill(open_page.session._warm.pid, 9)
    assert False, "the app does not answer"
"""


def test_a_test_that_fails_where_the_machine_lacks_something_decides_nothing(tiny: Tiny) -> None:
    tiny.write(three(first=LACKING))
    result = tiny.run()
    assert verdicts(result)["all"] == ["2", ".", "1", "1"]
    assert "not decided, because of: [Errno 28] No space left on device" in text(result)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_such_a_failure_is_not_the_known_one_either(tiny: Tiny) -> None:
    tiny.knows(KNOWN)
    tiny.write(three(first="assert False, 'it does not hold: [Errno 24] Too many open files'"))
    result = tiny.run()
    assert verdicts(result)["all"] == ["2", ".", "1", "1"]
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_test_whose_warm_process_is_killed_decides_nothing_and_the_next_one_does(
    tiny: Tiny,
) -> None:
    tiny.write(f"import os\n{three(first=KILLED_IN_TEST, second='opened(open_page)')}")
    result = tiny.apart()
    assert verdicts(result)["all"] == ["2", ".", "1", "1"]
    assert "not decided, because of: The warm process of" in text(result)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_test_whose_worker_is_killed_decides_nothing(tiny: Tiny, workers: str) -> None:
    tiny.write(f"import os\n{three(first='opened(open_page); os.kill(os.getpid(), 9)')}")
    result = tiny.apart("-n", workers)
    assert verdicts(result)["all"] == ["2", ".", "1", "1"]
    assert "not decided, so the run fails: ONE-1" in text(result)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_where_no_worker_is_left_nothing_is_verified(tiny: Tiny) -> None:
    tiny.write(f"import os\n{three(fourth='os.kill(os.getpid(), 9)')}")
    result = tiny.apart("-n", "1", "--max-worker-restart=0")
    assert verdicts(result)["all"][:2] == [".", "."]
    assert result.ret != pytest.ExitCode.OK
