"""Who imports what, and how long a module and a function may be."""

from __future__ import annotations

import ast
import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.processes import App, Launch, WarmProcess
from callback_conformance.processes.warm import INAPP
from tests import import_graph

ROOT = Path(__file__).parents[1]
OURS = ("impl_dash_style", "impl_taipy_style")
FRAMEWORKS = {
    "dash", "taipy", "flask", "flask_socketio", "socketio", "engineio", "celery", "diskcache", "plotly",
}  # fmt: skip
HTTP = {"requests", "http", "urllib", "websocket", "websockets", "httpx", "aiohttp"}
#: What our Dash style takes from Dash: components, dependency classes, the class of patches, and where the JavaScript lies.
FROM_DASH = {
    "dash.dash_table",
    "dash.dcc",
    "dash.html",
    "dash.Patch",
    "dash._dash_renderer",
    "dash.dependencies",
    "dash.development.base_component",
}
INAPP_FILES = sorted(INAPP.glob("*.py"))
MODULE_LINES, FUNCTION_LINES = 400, 60  # what a reader can hold, and a screen


def files(*folders: str) -> list[Path]:
    """The Python files below these folders of the repository."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


@functools.cache
def imports(file: Path) -> frozenset[str]:
    """The full names that a file imports at run time."""
    return frozenset(import_graph.imports(ast.parse(file.read_text(encoding="utf-8"))))


def importers(folders: tuple[str, ...], packages: set[str] | tuple[str, ...]) -> set[str]:
    """``file imports name`` for each import of these packages below these folders."""
    return {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files(*folders)
        for name in imports(file)
        if name.partition(".")[0] in packages
    }


def test_all_imports_but_those_of_the_suite_are_absolute() -> None:
    # The suite has two names: conformance in a checkout, callback_conformance.suite in a wheel.
    everything = files("harness", "tests", "tools", *OURS)
    relative = {file for file in everything for name in imports(file) if name.startswith(".")}
    assert relative == set()


def test_our_implementations_import_nothing_of_the_harness() -> None:
    assert importers(OURS, ("callback_conformance", "conformance", "tests", "tools")) == set()


def test_the_harness_and_the_suite_import_nothing_of_our_implementations() -> None:
    assert importers(("harness", "conformance"), OURS) == set()


def test_neither_implementation_imports_the_other() -> None:
    for first, second in (OURS, OURS[::-1]):
        assert importers((first,), (second,)) == set()


#: The packages of the harness, from those that use others to those that are used: a package imports none that
#: stands above it.
LAYERS = (
    {"cli"},
    {"site"},
    {"findings"},
    {"bench", "matrix", "plugin", "report"},
    {"explore"},
    {"ledger", "session"},
    {"adapters", "page"},
    {"backends", "control", "processes"},
    {"model", "results"},
    {"scenario", "spec"},
    {"entry_point", "inapp", "install", "places"},
)


def layer(module: str) -> int:
    """The number of the layer that holds a module of the harness."""
    package = module.split(".")[1]
    return next(number for number, packages in enumerate(LAYERS) if package in packages)


def test_an_import_goes_down_the_layers() -> None:
    graph = import_graph.import_graph("callback_conformance", ROOT / "harness")
    upward = {
        f"{name} imports {imported}"
        for name, modules in graph.items()
        for imported in modules
        if "callback_conformance" not in (name, imported) and layer(imported) < layer(name)
    }
    assert upward == set()
    assert "callback_conformance.session.cell" in graph["callback_conformance.plugin.hooks"]


def test_the_modules_of_the_harness_form_no_cycle() -> None:
    assert import_graph.cycle("callback_conformance", ROOT / "harness") == []


@pytest.mark.parametrize(
    ("package", "others"), [("scenario", ()), ("spec", ()), ("model", ("scenario", "spec"))]
)
def test_the_language_the_specification_and_the_model_know_nothing_of_the_rest(
    package: str, others: tuple[str, ...]
) -> None:
    graph = import_graph.import_graph("callback_conformance", ROOT / "harness")
    imported = {
        f"{name} imports {module}"
        for name, modules in graph.items()
        for module in modules
        if name.split(".")[1:2] == [package]
        and module.split(".")[1] not in (package, *others, "places")
    }
    assert imported == set()


def test_the_suite_names_no_framework() -> None:
    assert importers(("conformance",), FRAMEWORKS | HTTP) == set()


def test_frameworks_are_imported_in_adapters_alone() -> None:
    adapters = "harness/callback_conformance/adapters/"
    launcher = "harness/callback_conformance/backends/celery_worker.py imports celery."
    importing = importers(("harness",), FRAMEWORKS)
    assert {each for each in importing if not each.startswith((adapters, launcher))} == set()


def test_the_harness_speaks_http_in_its_pages_and_to_services_alone() -> None:
    folders = ("harness/callback_conformance/adapters/", "harness/callback_conformance/backends/")
    importing = importers(("harness",), HTTP)
    assert {each for each in importing if not each.startswith(folders)} == set()
    assert f"{folders[0]}dash/wire.py imports requests" in importing


def test_our_dash_style_takes_components_dependencies_and_javascript_from_dash_alone() -> None:
    names = {
        name
        for file in files("impl_dash_style")
        for name in imports(file)
        if name.partition(".")[0] == "dash"
    }
    allowed = tuple(f"{module}." for module in FROM_DASH)
    assert {name for name in names if not f"{name}.".startswith(allowed)} == set()
    assert "dash.dependencies.Input" in names


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


def test_a_file_of_a_newer_python_raises() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match 1:\n    case 1: pass", feature_version=(3, 8))


@pytest.fixture(scope="module")
def python_3_8() -> str:
    """A Python 3.8 of this machine."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    path = os.pathsep.join(str(folder) for folder in sorted(pyenv.glob("3.8*/bin")))
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON_SEARCH_PATH": path}
    command = [sys.executable, "-m", "uv", "python", "find", "--no-project", "3.8"]
    completed = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if completed.returncode:
        pytest.skip(
            f"`uv python find 3.8` found none, so this was not run: {completed.stderr.strip()}"
        )
    return completed.stdout.strip()


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
