"""No fault of this machine, of the harness's helpers or of the environment changes a verdict but to *not decided*.

Each fault is injected into a run of a few tests, and its verdicts are compared with those of the undisturbed run. What
a run can do to itself is done by a plugin of that run, at its second test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callback_conformance.results.report_file import read_run_report
from callback_conformance.results.verdict import Verdict
from tests.test_leftovers import all_end, files, marked

ROOT = Path(__file__).parents[2]
TESTS = (
    "conformance/test_01_background_execution.py::test_the_first_answer_comes_while_the_job_runs",
    "conformance/test_06_cancel.py::test_a_cancel_stops_the_job",
    "conformance/test_17_declaration_errors.py::test_a_callback_without_a_manager_raises",
    "conformance/test_06_cancel.py::test_a_run_after_a_cancelled_one_delivers",
)
QUEUE = "celery+redis"
CELLS = ("dash_style", "dash", f"dash_style {QUEUE}")
WAIT_SECONDS = 120.0  # a run takes seconds; a busy machine may take ten times that

PLUGIN = """\
import functools, os, pathlib, resource, shutil, signal, subprocess, sys
import pytest
from callback_conformance.processes import App, WarmProcess, WorkerProcess
from callback_conformance.processes import app, worker
from callback_conformance.session.session import AppSession
count = 0

def limit(pid, name, number):
    _, most = resource.getrlimit(getattr(resource, name))
    resource.prlimit(pid, getattr(resource, name), (number, most))

def after(owner, name, act):
    call = getattr(owner, name)
    @functools.wraps(call)
    def wrapped(*arguments, **settings):
        result = call(*arguments, **settings)
        if count == 2:
            act(arguments[0], result)
        return result
    setattr(owner, name, wrapped)

def before(owner, name, act):
    call = getattr(owner, name)
    @functools.wraps(call)
    def wrapped(*arguments, **settings):
        if count == 2:
            act(arguments[0])
        return call(*arguments, **settings)
    setattr(owner, name, wrapped)

def at_second_test(act):
    global second
    second = act

second = lambda warm: None

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    global count
    count += 1

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    if count == 2:
        second(item.funcargs["open_page"].session._warm)

"""


@dataclass(frozen=True)
class Fault:
    """What is done to a run."""

    #: Variables of its environment. ``{disk}`` is the folder of the run.
    environment: dict[str, str] = field(default_factory=dict)
    #: What its plugin does.
    plugin: str = ""
    #: Files to write beside the plugin, where Python finds modules.
    modules: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    #: The size of the disk for temporary files; it needs root.
    disk_bytes: int = 0
    #: The cells in which it can happen.
    cells: tuple[str, ...] = CELLS[:1]
    #: What its output must name; empty where no verdict changes.
    cause: str = ""


def kill_at(owner: str, name: str) -> str:
    """A plugin that kills what an object's ``pid`` names, just before or after a call."""
    return f"{name}({owner}, lambda subject, *_: os.kill(subject.pid, signal.SIGKILL))\n"


FILL = """
def fill(warm):
    with open(os.environ["TMPDIR"] + "/filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"." * 4096)
        except OSError:
            pass
at_second_test(fill)
"""
KILLS_WARM = "at_second_test(lambda warm: os.kill(warm.pid, signal.SIGKILL))\n"

FAULTS = {
    # Undisturbed: the cause is empty, and every verdict is the same.
    "HOST is every address": Fault({"HOST": "0.0.0.0"}, cells=CELLS),
    "HOST is conda's": Fault({"HOST": "x86_64-conda-linux-gnu"}, cells=CELLS),
    "PORT is taken": Fault({"PORT": "1"}),
    "DASH variables": Fault(
        {"DASH_REQUESTS_PATHNAME_PREFIX": "/x/", "DASH_DEBUG": "true", "DASH_HOT_RELOAD": "true"},
        cells=CELLS[:2],
    ),
    "FLASK variables": Fault({"FLASK_DEBUG": "1", "FLASK_APP": "no:app"}, cells=CELLS[:2]),
    "CELERY variables": Fault(
        {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "CELERY_CONFIG_MODULE": "no_such_module"},
        cells=CELLS[2:],
    ),
    "TMPDIR is long": Fault({"TMPDIR": "{disk}/" + "long/" * 40}, cells=CELLS),
    "TMPDIR is missing": Fault({"TMPDIR": "{disk}/missing"}),
    "TMPDIR takes nothing": Fault({"TMPDIR": "/proc"}),
    "TMPDIR is full": Fault(
        {}, plugin=FILL.replace("at_second_test(fill)", "fill(None)"), disk_bytes=65536
    ),
    "sitecustomize prints": Fault(
        modules={"sitecustomize.py": "print('hello')\n"}, cells=(CELLS[0], CELLS[2])
    ),
    "the cache cannot be written to": Fault({"XDG_CACHE_HOME": "/proc/none"}),
    # Disturbed: at most *not decided*.
    "the disk fills": Fault(
        plugin=FILL,
        disk_bytes=32 << 20,
        cells=(CELLS[0], CELLS[2]),
        cause="No space left on device",
    ),
    "files are limited": Fault(
        plugin="at_second_test(lambda warm: limit(warm.pid, 'RLIMIT_FSIZE', 100))\n",
        cause="File too large",
    ),
    "descriptors are limited in an app": Fault(
        plugin="at_second_test(lambda warm: limit(warm.pid, 'RLIMIT_NOFILE', 8))\n",
        cause="Too many open files",
    ),
    "descriptors are limited in the harness": Fault(
        plugin="at_second_test(lambda warm: limit(0, 'RLIMIT_NOFILE', 12))\n"
        "def pytest_runtest_teardown(item):\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n",
        cause="Too many open files",
    ),
    "memory is limited": Fault(
        plugin="at_second_test(lambda warm: limit(warm.pid, 'RLIMIT_AS', 1))\n",
        cause="not decided, because of",
    ),
    "the fork server is killed before an app starts": Fault(
        plugin=KILLS_WARM, cells=CELLS, cause="The warm process of"
    ),
    "the fork server is killed while an app runs": Fault(
        plugin="after(AppSession, 'open', lambda session, _: os.kill(session._warm.pid, signal.SIGKILL))\n",
        cells=CELLS,
        cause="The warm process of",
    ),
    "an app is killed before it listens": Fault(
        plugin=kill_at("app.App, 'wait_until_listening'", "before"),
        cells=CELLS[:2],
        cause="killed by SIGKILL",
    ),
    "an app is killed while it runs": Fault(
        plugin="after(AppSession, 'open', lambda session, _: os.kill(session.apps[0].pid, signal.SIGKILL))\n",
        cells=CELLS[:2],
        cause="killed by SIGKILL",
    ),
    "a worker is killed": Fault(
        plugin=kill_at("worker.WorkerProcess, 'wait_until_ready'", "after"),
        cells=CELLS[2:],
        cause="killed by SIGKILL",
    ),
    "a worker is killed before it is ready": Fault(
        plugin=kill_at("worker.WorkerProcess, 'wait_until_ready'", "before"),
        cells=CELLS[2:],
        cause="ended before it was ready",
    ),
    "a worker is slow": Fault(
        plugin="before(worker.WorkerProcess, 'wait_until_ready', lambda _: setattr(worker, 'READY_SECONDS', 0))\n",
        cells=CELLS[2:],
        cause="did not print",
    ),
    "an app is slow": Fault(
        plugin="at_second_test(lambda _: setattr(app.App.wait_until_listening, '__defaults__', (0.0,)))\n",
        cause="did not listen within 0 s",
    ),
    "the queue is killed": Fault(
        plugin="after(AppSession, 'open', lambda session, _: session.services['redis'].kill())\n",
        cells=CELLS[2:],
        cause="redis does not answer",
    ),
    "a worker of pytest-xdist is killed": Fault(
        plugin="at_second_test(lambda _: os.kill(os.getpid(), signal.SIGKILL))\n",
        options=("-n", "1"),
        cells=CELLS[:2],
        cause="crashed while running",
    ),
}


@dataclass
class Run:
    """What a run has found out and left."""

    verdicts: dict[str, Verdict]
    output: str
    left: list[str]


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder for everything that a run writes; its path is short, as sockets need it."""
    folder = Path(tempfile.mkdtemp(prefix="fault-"))
    (folder / "tmp").mkdir()
    yield folder
    shutil.rmtree(folder)


def run(cell: str, fault: Fault, disk: Path) -> Run:
    """Run the tests on a cell, and look at what is left."""
    implementation, _, backend = cell.partition(" ")
    own = {
        "LEFTOVERS": str(disk),
        "TMPDIR": f"{disk}/tmp",
        "PYTHONPATH": f"{disk}{os.pathsep}{ROOT}",
    }
    own |= {name: value.format(disk=disk) for name, value in fault.environment.items()}
    for name, text in {"fault.py": PLUGIN + fault.plugin, **fault.modules}.items():
        (disk / name).write_text(text)
    if "long" in own["TMPDIR"]:
        Path(own["TMPDIR"]).mkdir(parents=True)
    words = [
        sys.executable,
        "-m",
        "pytest",
        *TESTS,
        f"--impl={implementation}",
        f"--report={disk}/report",
    ]
    words += ["-p", "fault", "-p", "no:cacheprovider", "-p", "no:randomly", *fault.options]
    words += [f"--backend={backend}"] if backend else []
    if fault.disk_bytes:
        mount = f'mount -t tmpfs -o size={fault.disk_bytes} tmpfs "$TMPDIR" && exec "$@"'
        words = ["unshare", "-m", "sh", "-c", mount, "sh", *words]
    process = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )
    output = process.stdout + process.stderr
    pids = marked(f"LEFTOVERS={disk}")
    assert all_end(pids), output
    report = disk / "report" / "report.json"
    assert report.exists(), output
    [judged] = read_run_report(report).cells
    return Run(dict(judged.verdicts), output, files(disk))


@pytest.fixture(scope="module")
def undisturbed() -> Callable[[str], dict[str, Verdict]]:
    """The verdicts of a cell without a fault; each is found out once."""
    verdicts: dict[str, dict[str, Verdict]] = {}

    def of(cell: str) -> dict[str, Verdict]:
        if cell not in verdicts:
            with tempfile.TemporaryDirectory(prefix="fault-") as folder:
                (Path(folder) / "tmp").mkdir()
                verdicts[cell] = run(cell, Fault(), Path(folder)).verdicts
        return verdicts[cell]

    return of


@pytest.mark.parametrize(
    ("name", "cell"), [(name, cell) for name, fault in FAULTS.items() for cell in fault.cells]
)
def test_a_fault_changes_no_verdict_but_to_not_decided(
    name: str, cell: str, disk: Path, undisturbed: Callable[[str], dict[str, Verdict]]
) -> None:
    fault = FAULTS[name]
    if fault.disk_bytes and subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("to mount a small disk needs root")
    expected, disturbed = undisturbed(cell), run(cell, fault, disk)
    changed = {
        id: f"{expected[id]} -> {verdict}"
        for id, verdict in disturbed.verdicts.items()
        if verdict != expected[id]
    }
    assert fault.cause in disturbed.output, disturbed.output
    if fault.cause:
        assert changed, disturbed.output
    verdicts = {id: disturbed.verdicts[id] for id in changed}
    allowed = {Verdict.NOT_DECIDED} if fault.cause else set()
    assert set(verdicts.values()) <= allowed, f"{changed}\n{disturbed.output}"
    assert disturbed.left == []
    decided = {Verdict.VERIFIED, Verdict.VIOLATED}
    assert decided & set(disturbed.verdicts.values()), disturbed.output
