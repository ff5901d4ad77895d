"""Warm processes and their apps: what starts, what does not, and that nothing is left."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from callback_conformance.processes import (
    App,
    AppDidNotStart,
    AppEnded,
    Launch,
    WarmProcess,
    WarmProcessFailed,
)
from callback_conformance.processes.port import PortTaken
from callback_conformance.processes.warm import Command
from tests.running_apps import FAMILY, PORT, SERVES, STRAY, ended, family, killed, lives, start

# Apps.


def test_an_app_listens_on_the_port_that_was_reserved_for_it(
    warm: WarmProcess, running: list[App]
) -> None:
    app = start(warm, SERVES, running)
    app.wait_until_listening()
    assert app.url == f"http://127.0.0.1:{app.port}"
    socket.create_connection(("127.0.0.1", app.port)).close()


def test_an_app_is_started_as_its_user_starts_it(warm: WarmProcess, running: list[App]) -> None:
    source = (
        "import os, sys\nprint(__name__, sys.argv, os.getcwd(), sys.path[0], os.environ['A'])\n"
    )
    launch = Launch(("app.py", "-P", "{port}"), environment={"A": "at {port}"})
    app = start(warm, source + SERVES.replace('os.environ["PORT"]', "sys.argv[2]"), running, launch)
    app.wait_until_listening()
    argv = ["app.py", "-P", str(app.port)]
    assert app.log_tail() == f"__main__ {argv} {app.folder} {app.folder} at {app.port}"


def test_an_app_may_be_a_module_that_loads_the_program(
    warm: WarmProcess, running: list[App]
) -> None:
    app = start(warm, "", running, Launch(("-", "{port}", "--bind", "127.0.0.1"), "http.server"))
    app.wait_until_listening()


def test_an_app_inherits_no_descriptor_and_is_the_main_module(
    warm: WarmProcess, running: list[App]
) -> None:
    source = """\
import os, sys
import __main__
print(__file__, __main__.__dict__ is globals(), repr(sys.stdin.read()))
print([number for number in range(3, 100) if os.path.exists(f"/proc/self/fd/{number}")])
"""
    app = start(warm, source + SERVES, running)
    app.wait_until_listening()
    assert app.log_tail().splitlines() == [f"{app.program} True ''", "[]"]


def test_an_app_finds_its_own_source(warm: WarmProcess, running: list[App]) -> None:
    source = "import inspect\ndef job():\n    return 1\nprint(inspect.getsource(job))\n"
    app = start(warm, source + SERVES, running)
    app.wait_until_listening()
    assert "return 1" in app.log_tail()


def test_two_apps_share_nothing_but_modules(warm: WarmProcess, running: list[App]) -> None:
    source = "import json\nprint(getattr(json, 'mark', 'none'))\njson.mark = 'here'\n" + SERVES
    for _ in range(2):
        app = start(warm, source, running)
        app.wait_until_listening()
        assert app.log_tail() == "none"


def test_an_app_that_ends_at_its_start_is_reported_with_its_traceback(
    warm: WarmProcess, running: list[App]
) -> None:
    app = start(warm, 'print("here")\nraise ValueError("no such setting")\n', running)
    with pytest.raises(AppEnded) as raised:
        app.wait_until_listening()
    message = str(raised.value)
    assert message.startswith(
        f"The native app {app.program} ended before it listened on its port.\nIt printed:\nhere\n"
    )
    assert message.endswith("ValueError: no such setting")


def test_each_exception_that_an_app_printed_is_told_apart(
    warm: WarmProcess, running: list[App]
) -> None:
    source = """\
import traceback
try:
    raise ValueError("of the worker")
except ValueError:
    traceback.print_exc()
raise RuntimeError("of the server, because of it")
"""
    app = start(warm, source, running)
    with pytest.raises(AppEnded):
        app.wait_until_listening()
    assert app.errors() == [
        "ValueError: of the worker",
        "RuntimeError: of the server, because of it",
    ]
    assert app.last_error() == "RuntimeError: of the server, because of it"


def test_the_last_lines_that_an_app_printed_are_shown(
    warm: WarmProcess, running: list[App]
) -> None:
    app = start(warm, "for number in range(100): print(number)\n" + SERVES, running)
    app.wait_until_listening()
    assert app.log_tail(2) == "98\n99"


def test_an_app_that_never_listens_is_reported(warm: WarmProcess, running: list[App]) -> None:
    app = start(warm, "import threading\nthreading.Event().wait()\n", running)
    with pytest.raises(
        AppDidNotStart, match=r"did not listen within 0 s\.\nIt printed:\n\(nothing\)"
    ):
        app.wait_until_listening(seconds=0.05)


def test_an_app_whose_own_port_is_taken_is_reported(warm: WarmProcess, running: list[App]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        source = SERVES.replace('os.environ["PORT"]', str(taken.getsockname()[1]))
        with pytest.raises(AppEnded, match="Address already in use"):
            start(warm, source, running).wait_until_listening()


def test_another_program_cannot_bind_a_reserved_port(warm: WarmProcess, running: list[App]) -> None:
    app = start(warm, "", running)
    with socket.socket() as other, pytest.raises(OSError, match="Address already in use"):
        other.bind(("127.0.0.1", app.port))


@pytest.mark.usefixtures("descriptors")
def test_a_port_on_which_another_program_listens_is_reported(
    warm: WarmProcess, monkeypatch: pytest.MonkeyPatch, disk: Path
) -> None:
    bind = socket.socket.bind
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        def taken(reserved: socket.socket, address: tuple[str, int]) -> None:
            bind(reserved, address)
            bind(other, reserved.getsockname())
            other.listen()

        monkeypatch.setattr(socket.socket, "bind", taken)
        with pytest.raises(PortTaken) as raised:
            App(warm, SERVES, PORT, probe_socket="")
        port = other.getsockname()[1]
    assert str(raised.value).startswith(f"Port {port} is in use by another program")
    assert list(disk.iterdir()) == []


# Ends.


@pytest.mark.usefixtures("descriptors")
def test_after_closing_no_process_file_or_port_of_an_app_is_left(warm: WarmProcess) -> None:
    app = App(warm, FAMILY + SERVES, PORT, probe_socket="")
    app.wait_until_listening()
    everyone = [app.pid, *family(app)]
    assert all(map(lives, everyone))
    app.close()
    assert not any(map(lives, everyone))
    assert not app.folder.exists()
    socket.create_server(("127.0.0.1", app.port)).close()


def test_what_has_left_the_session_of_an_app_ends_with_the_last_app() -> None:
    warm = WarmProcess(sys.executable)
    app = App(warm, STRAY + SERVES, PORT, probe_socket="")
    app.wait_until_listening()
    [stray] = family(app)
    app.close()
    assert not lives(stray)
    app = App(warm, STRAY + SERVES, PORT, probe_socket="")
    app.wait_until_listening()
    [stray] = family(app)
    warm.close()
    assert not lives(stray)
    with pytest.raises(WarmProcessFailed):
        app.close()


def test_an_app_that_has_ended_can_be_closed(warm: WarmProcess) -> None:
    app = App(warm, "", PORT, probe_socket="")
    ended(app.pid)
    app.close()
    assert not app.folder.exists()


def test_an_app_may_be_closed_and_its_folder_kept(warm: WarmProcess, tmp_path: Path) -> None:
    app = App(warm, SERVES, PORT, probe_socket="")
    app.close(keep_folder=True)
    assert app.program.read_text() == SERVES
    app.folder.rename(tmp_path / "kept")


@pytest.mark.parametrize(
    ("source", "status"),
    [("", 0), ("raise SystemExit(3)", 3), ("raise SystemExit('no')", 1), ("1 / 0", 1)],
)
def test_ending_an_app_returns_its_status(
    warm: WarmProcess, tmp_path: Path, source: str, status: int
) -> None:
    (tmp_path / "app.py").write_text(source)
    pid = warm.fork(Command(["app.py"], tmp_path, tmp_path / "log", {}))
    ended(pid)
    wait_status = warm.end(pid)
    assert wait_status is not None
    assert os.waitstatus_to_exitcode(wait_status) == status


def test_ending_an_app_does_not_return_the_status_of_its_child(
    warm: WarmProcess, tmp_path: Path
) -> None:
    source = "import os, threading\nos.fork() or threading.Event().wait()\nraise SystemExit(3)\n"
    (tmp_path / "app.py").write_text(source)
    pid = warm.fork(Command(["app.py"], tmp_path, tmp_path / "log", {}))
    ended(pid)
    assert os.waitstatus_to_exitcode(warm.end(pid) or 0) == 3


# Warm processes.


@pytest.mark.usefixtures("descriptors")
def test_closing_a_warm_process_ends_the_apps_that_it_forked() -> None:
    warm = WarmProcess(sys.executable)
    app = App(warm, FAMILY + SERVES, PORT, probe_socket="")
    app.wait_until_listening()
    everyone = [app.pid, *family(app)]
    warm.close()
    for pid in everyone:
        ended(pid)
    assert not any(map(lives, everyone))
    with pytest.raises(WarmProcessFailed, match="has ended unexpectedly"):
        app.close()
    assert not app.folder.exists()


def test_apps_inherit_the_modules_that_a_warm_process_has_imported() -> None:
    warm = WarmProcess(sys.executable)
    warm.warm(["colorsys", "no_such_module"])
    app = App(
        warm, "import sys\nprint('colorsys' in sys.modules)\n" + SERVES, PORT, probe_socket=""
    )
    app.wait_until_listening()
    assert app.log_tail() == "True"
    app.close()
    warm.close()


def test_what_an_import_prints_is_not_taken_for_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prints.py").write_text("import os\nprint('hello')\nos.system('echo hello')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    warm = WarmProcess(sys.executable)
    warm.warm(["prints"])
    warm.close()


def test_an_import_that_leaves_a_thread_running_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    (tmp_path / "starts_a_thread.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    warm = WarmProcess(sys.executable)
    with pytest.raises(WarmProcessFailed, match="importing the framework left 2 threads running"):
        warm.warm(["starts_a_thread"])
    warm.close()


@pytest.mark.usefixtures("descriptors")
def test_a_warm_process_that_has_died_is_reported_and_an_app_leaves_nothing(
    disk: Path,
) -> None:
    warm = WarmProcess(sys.executable)
    killed(warm)
    with pytest.raises(WarmProcessFailed, match="has ended unexpectedly"):
        App(warm, SERVES, PORT, probe_socket="")
    warm.close()
    assert list(disk.iterdir()) == []


def test_ctrl_c_does_not_reach_a_warm_process_and_its_apps(
    warm: WarmProcess, running: list[App]
) -> None:
    app = start(warm, SERVES, running)
    app.wait_until_listening()
    own_group = os.getpgid(0)
    assert os.getpgid(warm.pid) != own_group
    assert os.getpgid(app.pid) == app.pid
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
