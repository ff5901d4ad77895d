"""A line of code knows its room: who imports what, and how long it may be."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.processes import App, Launch, WarmProcess
from callback_conformance.processes.warm import INAPP

ROOT = Path(__file__).parents[1]
OURS = ("impl_dash_style", "impl_taipy_style")
FRAMEWORKS = {
    "dash", "taipy", "flask", "flask_socketio", "socketio", "engineio", "celery", "diskcache", "plotly",
}  # fmt: skip
HTTP = {"requests", "http", "urllib", "websocket", "websockets", "httpx", "aiohttp"}
#: What our Dash style takes from Dash: components, dependency classes, and where the JavaScript lies.
FROM_DASH = {
    "dash.dcc",
    "dash.html",
    "dash._dash_renderer",
    "dash.dependencies",
    "dash.development.base_component",
}
INAPP_FILES = sorted(INAPP.glob("*.py"))
MODULE_LINES, FUNCTION_LINES = 400, 60  # what a reader can hold, and a screen


def files(*folders: str) -> list[Path]:
    """The Python files below these folders of the repository."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """The full names that a file imports: ``a.b`` for ``from a import b`` too."""
    package = ".".join(file.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield from (f"{base}.{name.name}" for name in node.names)


def importers(folders: tuple[str, ...], packages: set[str] | tuple[str, ...]) -> set[str]:
    """``file imports name`` for each import of these packages below these folders."""
    return {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files(*folders)
        for name in imports(file)
        if name.partition(".")[0] in packages
    }


def test_relative_imports_are_found_by_their_full_names() -> None:
    found = set(imports(ROOT / "impl_dash_style" / "app.py"))
    assert {"impl_dash_style.layout", "impl_dash_style.manager.Manager", "flask.Flask"} <= found


def test_our_implementations_import_nothing_of_the_harness() -> None:
    assert importers(OURS, ("callback_conformance", "conformance", "tests", "tools")) == set()


def test_the_harness_and_the_suite_import_nothing_of_our_implementations() -> None:
    assert importers(("harness", "conformance"), OURS) == set()


def test_neither_implementation_imports_the_other() -> None:
    for one, other in (OURS, OURS[::-1]):
        assert importers((one,), (other,)) == set()


def test_the_scenario_language_imports_nothing_of_the_harness_but_itself() -> None:
    found = importers(
        ("harness/callback_conformance/scenario",), ("callback_conformance", *FRAMEWORKS, *HTTP)
    )
    assert {one for one in found if " imports callback_conformance.scenario" not in one} == set()


def test_the_suite_names_no_framework() -> None:
    assert importers(("conformance",), FRAMEWORKS | HTTP) == set()


def test_frameworks_are_imported_in_their_rooms_alone() -> None:
    rooms = ("harness/callback_conformance/adapters/",)
    found = importers(("harness",), FRAMEWORKS)
    launcher = "harness/callback_conformance/backends/celery_worker.py imports celery."
    assert {one for one in found if not one.startswith((*rooms, launcher))} == set()


def test_the_harness_speaks_http_in_its_pages_and_to_services_alone() -> None:
    rooms = ("harness/callback_conformance/adapters/", "harness/callback_conformance/backends/")
    found = importers(("harness",), HTTP)
    assert {one for one in found if not one.startswith(rooms)} == set()
    assert any(
        one.startswith("harness/callback_conformance/adapters/dash/wire.py imports requests")
        for one in found
    )


def test_our_dash_style_takes_components_dependencies_and_javascript_from_dash_alone() -> None:
    found = {
        name
        for file in files("impl_dash_style")
        for name in imports(file)
        if name.partition(".")[0] == "dash"
    }
    strange = {
        name for name in found if not any(f"{name}.".startswith(f"{one}.") for one in FROM_DASH)
    }
    assert strange == set()
    assert "dash.dependencies.Input" in found


def test_our_dash_style_reaches_no_other_part_of_dash_by_a_name() -> None:
    for file in files("impl_dash_style"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != "dash", f"{file.name}:{node.lineno}"


def test_our_taipy_style_imports_nothing_of_taipy() -> None:
    assert importers(("impl_taipy_style",), ("taipy",)) == set()


# The files that run inside an implementation's environment.


@pytest.mark.parametrize("file", INAPP_FILES, ids=lambda file: file.name)
def test_what_runs_inside_an_environment_imports_the_standard_library_alone(file: Path) -> None:
    outside = {
        name for name in imports(file) if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert outside == set()


@pytest.mark.parametrize("file", INAPP_FILES, ids=lambda file: file.name)
def test_what_runs_inside_an_environment_names_no_framework(file: Path) -> None:
    words = file.read_text(encoding="utf-8").lower()
    assert [name for name in FRAMEWORKS if name in words] == []


@pytest.mark.parametrize("file", INAPP_FILES, ids=lambda file: file.name)
def test_what_runs_inside_an_environment_is_python_3_8(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_file_of_a_newer_python_would_be_refused() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match 1:\n    case 1: pass", feature_version=(3, 8))


@pytest.fixture(scope="module")
def python_3_8() -> str:
    """A Python 3.8 of this machine."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    path = os.pathsep.join(str(one) for one in sorted(pyenv.glob("3.8*/bin")))
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON_SEARCH_PATH": path}
    command = [sys.executable, "-m", "uv", "python", "find", "--no-project", "3.8"]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"`uv python find 3.8` found none, so this was not run: {done.stderr.strip()}")
    return done.stdout.strip()


PROGRAM = """\
import os, socket, sys, probe
assert sys.version_info[:2] == (3, 8), sys.version
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
listener.accept()
probe.started("job", version=list(sys.version_info[:2]))
probe.emit("word", value=probe.gate("gate"))
probe.gate("end")
"""


def test_an_app_and_its_job_run_on_python_3_8(python_3_8: str) -> None:
    timeline = Timeline()
    controller, warm = JobController(timeline), WarmProcess(python_3_8)
    try:
        warm.warm(["json", "no_such_module"])
        app = App(warm, PROGRAM, Launch(environment={"PORT": "{port}"}), controller.path)
        app.wait_until_listening()
        job = controller.next_job().release("gate", "released").wait_for_event("word")
        assert job.arguments == {"version": [3, 8]}
        assert job.emitted("word") == [{"value": "released"}]
        app.close()
        job.wait_for_end()
    finally:
        warm.close()
        controller.close()


# Length.


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    everything = files("harness", "conformance", "tests", "deviations", "examples", "ci", *OURS)
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in everything}
    assert [f"{f}: {count}" for f, count in lengths.items() if count > MODULE_LINES] == []


def test_no_function_is_longer_than_a_screen() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    too_long = [
        f"{file}:{node.lineno} {node.name}"
        for file in files("harness", "conformance", "tests", "deviations", "examples", "ci", *OURS)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, kinds) and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert too_long == []
