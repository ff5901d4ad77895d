"""Rendered programs: what a user of the framework would have written by hand."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.implementations import Implementation
from harness.implementations.dash_program import DashNames
from harness.implementations.dash_program import render as render_dash
from harness.implementations.source import Call, call, flat, literal, opened
from harness.implementations.taipy_program import TaipyNames
from harness.implementations.taipy_program import render as render_taipy
from harness.jobs import Backstage
from harness.pages import Page
from harness.processes.app import START_SECONDS
from harness.processes.warm import INSIDE
from harness.scenario import (
    FAILURE,
    SUCCESS,
    BadScenario,
    Button,
    Field,
    Graph,
    Gunicorn,
    Manager,
    ProgressBar,
    Store,
    Text,
    announce,
    arg,
    assign,
    background,
    bar_figure,
    die,
    exit_quietly,
    give,
    give_unstorable,
    ignore_sigterm,
    invoke,
    no_update,
    notify,
    ordinary,
    raise_error,
    report,
    scenario,
    spin,
    start_child,
    status,
    wait_at,
)
from harness.timeline import Timeline
from tests.suite import implementations, scenarios

RUN, OUT = Button("run"), Text("out")
WAITING = wait_at("gate") >> give("done")
CELLS = [
    pytest.param(one, dialect, backend, id=f"{one.name}-{dialect}-{backend}")
    for one in implementations()
    for dialect in one.dialects
    for backend in one.backends
]
FOREIGN = r"/tmp|/dev|/proc|\d+\.\d+\.\d+\.\d+|localhost|STAGE|PORT|harness|conformance|pytest"


def job_for(**more: Any) -> Any:
    """A callback of ``run`` that writes to ``out``, changed by ``more``."""
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    )


def dash(*parts: Any, **more: Any) -> str:
    """The program of a scenario for Dash."""
    return render_dash(scenario(*parts, **more), DashNames())


def taipy(*parts: Any, **more: Any) -> str:
    """The program of a scenario for Taipy."""
    return render_taipy(scenario(*parts, **more), TaipyNames())


def ruff(folder: Path, *words: str) -> str:
    """What ruff has to say of the programs in a folder, with the settings of nobody."""
    command = [sys.executable, "-m", "ruff", *words, "--isolated", "--no-cache", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def judged(sources: dict[str, str], folder: Path) -> str:
    """What formatter and linter find in these programs."""
    shutil.copy(INSIDE / "stage.py", folder)
    for name, source in sources.items():
        compile(source, name, "exec")
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    left_alone = ("--exclude", "stage.py")
    return ruff(folder, "format", "--diff", "--line-length=88", *left_alone) + ruff(
        folder, "check", "--select=I,F,E", "--line-length=88", "--output-format=full", *left_alone
    )


# The suite's own scenarios.


@pytest.mark.parametrize(("implementation", "dialect", "backend"), CELLS)
def test_every_scenario_of_the_suite_is_formatted_as_a_person_would(
    implementation: Implementation, dialect: str, backend: str, tmp_path: Path
) -> None:
    sources = {
        name: implementation.render(made, dialect, backend) for name, made in scenarios(dialect)
    }
    assert len(sources) > 50, "scenarios of the suite"
    assert judged(sources, tmp_path) == ""


@pytest.mark.parametrize(("implementation", "dialect", "backend"), CELLS)
def test_nothing_of_the_harness_stands_in_a_program_but_import_stage(
    implementation: Implementation, dialect: str, backend: str
) -> None:
    for name, made in scenarios(dialect):
        source = implementation.render(made, dialect, backend)
        assert re.findall(FOREIGN, source) == [], name
        assert source.count("import stage\n") == 1, name
        used = set(re.findall(r"stage\.(\w+)", source))
        assert used <= {"enter", "reach", "say", "passes", "adrift"}, name


@pytest.mark.parametrize(("implementation", "dialect", "backend"), CELLS)
def test_the_same_scenario_is_always_the_same_program(
    implementation: Implementation, dialect: str, backend: str
) -> None:
    first, again = (
        [implementation.render(made, dialect, backend) for _, made in scenarios(dialect)]
        for _ in range(2)
    )
    assert first == again


def test_dash_style_differs_from_dash_in_its_import_alone() -> None:
    by_name = {one.name: one for one in implementations()}
    for name, made in scenarios("background"):
        theirs, ours = (
            by_name[one].render(made, "background", "diskcache") for one in ("dash", "dash_style")
        )
        moved = theirs.replace("from dash import", "from impl_dash_style import")
        assert moved != theirs, name
        assert ast.dump(ast.parse(moved)) == ast.dump(ast.parse(ours)), name


# Whole programs.


def test_the_program_of_a_dash_user() -> None:
    assert (
        dash(RUN, OUT, job_for(running=[("run.disabled", True, False)]))
        == """\
import diskcache
from dash import Dash, DiskcacheManager, Input, Output, callback, html

import stage

manager = DiskcacheManager(diskcache.Cache("./manager"))
app = Dash(__name__, background_callback_manager=manager)

app.layout = html.Div(
    [html.Button("run", id="run"), html.Div("", id="out")],
)


@callback(
    Output("out", "children"),
    Input("run", "n_clicks"),
    background=True,
    running=[(Output("run", "disabled"), True, False)],
    interval=100,
    prevent_initial_call=True,
)
def job(n_clicks):
    stage.enter("job", n_clicks=n_clicks)
    stage.reach("gate")
    return "done"


if __name__ == "__main__":
    app.run()
"""
    )


def test_the_program_of_a_taipy_user() -> None:
    telling = status(
        "state",
        "status",
        "result",
        does=[assign("out.children", arg("result"), SUCCESS), notify("error", "no", FAILURE)],
    )
    action = invoke(
        trigger="run",
        job=WAITING,
        arguments=("name.value",),
        status=telling,
        period_ms=500,
        first=notify("info", "started"),
    )
    assert (
        taipy(RUN, OUT, Field("name", "Ada"), action)
        == '''\
from taipy.gui import Gui, invoke_long_callback, notify

import stage

out = ""
name = "Ada"


def heavy_function(name):
    stage.enter("heavy_function", name=name)
    stage.reach("gate")
    return "done"


def heavy_function_status(state, status, result):
    stage.say("status", status=status, result=result)
    if isinstance(status, bool):
        if status:
            state.out = result
        else:
            notify(state, "error", "no")


def on_action(state):
    notify(state, "info", "started")
    invoke_long_callback(
        state,
        heavy_function,
        [state.name],
        heavy_function_status,
        [],
        500,
    )


page = """
<|run|button|id=run|>

<|{out}|text|id=out|>

<|{name}|input|id=name|>
"""


if __name__ == "__main__":
    Gui(page).run()
'''
    )


# Parts of programs, for Dash.

KINDS = [
    announce("word") >> give({"a": [1, (2,)]}),
    wait_at("gate") >> give(arg("word")),
    raise_error("no", "KeyError"),
    exit_quietly(),
    die(),
    spin(),
    ignore_sigterm() >> start_child() >> give_unstorable(),
    no_update(),
    give(["a long value that does not fit on one line of source"] * 3),
]
ODD = {
    "no manager": dash(RUN, OUT, ordinary(output="out.children", inputs="run.n_clicks", job=announce("here") >> give(1)), managers=()),
    "two managers": dash(
        RUN, OUT, job_for(manager="b"), managers=(Manager("a"), Manager("b", told=True)), manager=""
    ),
    "twins": dash(RUN, OUT, job_for(twins=(("out.title", "run.n_clicks"),))),
    "gunicorn": dash(RUN, OUT, job_for(), server=Gunicorn()),
    "named": dash(
        RUN,
        OUT,
        Field("name"),
        job_for(output={"text": "out.children", "title": "out.title"}, inputs={"clicks": "run.n_clicks"}, state={"who": "name.value"}),
    ),
    "figures": dash(
        RUN,
        OUT,
        Graph("graph", figure=bar_figure(1, 2)),
        job_for(progress="graph.figure", progress_default=bar_figure(0, 2), job=report(bar_figure(1, 2)) >> WAITING),
    ),
    "everything": dash(
        RUN,
        Button("cancel", disabled=True, children="Stop"),
        OUT,
        ProgressBar("bar"),
        Store("kept", {"a": 1}),
        job_for(
            cancel=["cancel.n_clicks", "kept.data"],
            progress=["bar.value", "bar.max"],
            progress_default=["0", "10"],
            running=[("run.disabled", True), ("cancel.disabled", False, True)],
            initial=True,
            interval_ms=None,
            state="kept.data",
        ),
    ),
}  # fmt: skip


def test_every_part_of_the_language_is_formatted_as_a_person_would(tmp_path: Path) -> None:
    steps = {f"step_{n}": dash(RUN, OUT, job_for(job=job)) for n, job in enumerate(KINDS)}
    assert (
        judged({**{name.replace(" ", "_"): one for name, one in ODD.items()}, **steps}, tmp_path)
        == ""
    )


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "no manager",
            ["app = Dash(__name__)", "from dash import Dash, Input, Output, callback, html"],
        ),
        (
            "two managers",
            [
                'a = DiskcacheManager(diskcache.Cache("./a"))',
                'b = DiskcacheManager(ToldCache("./b"))',
                "app = Dash(__name__)",
                "    manager=b,",
                "class ToldCache(diskcache.Cache):",
                "import os",
            ],
        ),
        (
            "twins",
            [
                'for output, trigger in [("out", "run"), ("out", "run")]:',
                '        Output(output, "children"),',
                '        Input(trigger, "n_clicks"),',
            ],
        ),
        ("gunicorn", ["server = app.server"]),
        (
            "named",
            [
                '    output=dict(text=Output("out", "children"), title=Output("out", "title")),',
                '    inputs=dict(clicks=Input("run", "n_clicks")),',
                '    state=dict(who=State("name", "value")),',
                "def job(clicks, who):",
            ],
        ),
        (
            "figures",
            [
                "import plotly.graph_objects as go",
                '    progress=Output("graph", "figure"),',
                '    progress_default=go.Figure(go.Bar(x=[0]), layout={"xaxis": {"range": [0, 2]}}),',
                "def job(set_progress, n_clicks):",
            ],
        ),
        (
            "everything",
            [
                '        html.Button("Stop", id="cancel", disabled=True),',
                '    cancel=[Input("cancel", "n_clicks"), Input("kept", "data")],',
                '    progress=[Output("bar", "value"), Output("bar", "max")],',
                '    progress_default=["0", "10"],',
                '        (Output("run", "disabled"), True),',
                "def job(set_progress, n_clicks, kept):",
                "from dash import Dash, DiskcacheManager, Input, Output, State, callback, dcc, html",
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_part_of_the_language_is_written_so(name: str, lines: list[str]) -> None:
    written = ODD[name].splitlines()
    assert [line for line in lines if line not in written] == []


def test_a_callback_that_names_no_interval_has_none() -> None:
    assert "interval" not in ODD["everything"]
    assert "prevent_initial_call" not in ODD["everything"]


@pytest.mark.parametrize(
    ("job", "line"),
    [
        (raise_error("no", "KeyError"), '    raise KeyError("no")'),
        (exit_quietly(), "    sys.exit()"),
        (die(), "    os.kill(os.getpid(), signal.SIGKILL)"),
        (spin(), "    while True:"),
        (ignore_sigterm(), "    signal.signal(signal.SIGTERM, signal.SIG_IGN)"),
        (start_child(), '    stage.say("child", pid=child.pid)'),
        (give_unstorable(), "    return threading.Lock()"),
        (no_update(), "    return no_update"),
        (give("{n_clicks}!"), '    return f"{n_clicks}!"'),
        (wait_at("gate") >> give(arg("word")), '    word = stage.reach("gate")'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_step_is_written_so(job: Any, line: str) -> None:
    assert line in dash(RUN, OUT, job_for(job=job)).splitlines()


def test_a_step_that_no_function_can_take_is_refused() -> None:
    with pytest.raises(BadScenario, match="no function of this kind can take the step 'notify'"):
        dash(RUN, OUT, job_for(job=notify("info", "hello")[1]))


def test_an_action_is_no_program_of_dash() -> None:
    with pytest.raises(BadScenario, match="an action that invokes a long callback is Taipy's form"):
        dash(RUN, OUT, invoke(trigger="run", job=WAITING))


# Parts of programs, for Taipy.


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("function", ["def heavy_function():"]),
        ("lambda", ["    invoke_long_callback(state, lambda: heavy_function())"]),
        ("partial", ['        state, functools.partial(heavy_function, "heavy_function")']),
        (
            "method",
            ["class HeavyFunction:", "    def run(self):", "heavy_function = HeavyFunction()"],
        ),
        ("object", ["    def __call__(self):", "    invoke_long_callback(state, heavy_function)"]),
    ],
)
def test_a_job_is_any_kind_of_callable(kind: str, lines: list[str], tmp_path: Path) -> None:
    source = taipy(RUN, OUT, invoke(trigger="run", job=WAITING, kind=kind))
    assert [line for line in lines if line.strip() not in source] == []
    assert judged({"app": source}, tmp_path) == ""


def test_a_callback_of_dash_becomes_the_action_that_does_the_same() -> None:
    source = taipy(
        RUN, OUT, Field("name"), job_for(state="name.value", output=["out.children", "name.value"])
    )
    for line in (
        "def job(name):",
        "    if status:",
        "        state.out, state.name = result",
        "    invoke_long_callback(state, job, [state.name], job_status)",
    ):
        assert line in source.splitlines()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([RUN, OUT, job_for(running=[("out.title", 1, 2)])], "job: running is Dash's"),
        ([RUN, OUT, job_for(cancel="run.n_clicks")], "job: cancel is Dash's"),
        ([RUN, OUT, job_for(progress="out.title")], "job: progress is Dash's"),
        ([RUN, OUT, job_for(progress_default=0)], "job: a progress default"),
        ([RUN, OUT, job_for(initial=True)], "job: initial is Dash's"),
        ([RUN, OUT, job_for(job=no_update())], "job takes a step that only Dash's programs can"),
        ([Field("name"), OUT, job_for(inputs="name.value")], "job is not started by a button"),
        ([RUN], "run starts nothing; in Taipy it would call on_action"),
        ([RUN, Graph("g"), job_for(output="g.figure")], "g: no graph in Taipy"),
        ([RUN, Text("out", title="t"), job_for()], "out is given {'title'}; in Taipy"),
        ([RUN, Text("page"), job_for(output="page.children")], "'page' cannot be the name of a"),
        (
            [RUN, OUT, job_for(), invoke(trigger="run", job=WAITING)],
            "run starts two callbacks; in Taipy it calls one function",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_taipy_has_no_form_for_is_refused(parts: list[Any], message: str) -> None:
    with pytest.raises(BadScenario, match=f"^{re.escape(message)}"):
        taipy(*parts)


# Layout.


def test_a_call_that_fits_stays_on_its_line() -> None:
    fits = call("f", "a" * 40, "b" * 43)
    assert opened(fits) == flat(fits)
    assert len(flat(fits)) == 88


def test_a_call_that_does_not_fit_is_opened() -> None:
    assert opened(call("f", "a" * 40, "b" * 44)) == f"f(\n    {'a' * 40},\n    {'b' * 44},\n)"


def test_what_follows_a_call_counts() -> None:
    fits = call("f", "a" * 40, "b" * 43)
    assert opened(fits, after=1).startswith("f(\n")


def test_an_opened_call_opens_only_what_does_not_fit_inside() -> None:
    inner = literal(["x" * 50, "y" * 40])
    assert opened(Call("f(", ("a", inner))).splitlines()[:3] == ["f(", "    a,", "    ["]


# By hand.


@pytest.mark.parametrize(
    "implementation", [pytest.param(one, id=one.name) for one in implementations()]
)
def test_a_kept_program_runs_by_hand_and_its_gates_open_by_themselves(
    implementation: Implementation,
) -> None:
    made = scenario(RUN, OUT, job_for())
    with _by_hand(implementation, made) as (url, printed):
        timeline = Timeline()
        backstage = Backstage(timeline)  # no job of the app knows of it
        tab = implementation.drivers["wire"](url, timeline, backstage, "page-1", None)
        page = Page(tab, timeline, backstage, "page-1", lambda: page, lambda _: tab)
        page.click("run")
        page.shows("out.children", "done")
        page.close()
        assert backstage.jobs == ()
        backstage.close()
        assert "stage: reach gate" in printed.read_text()


@contextlib.contextmanager
def _by_hand(implementation: Implementation, made: Any) -> Iterator[tuple[str, Path]]:
    """A program started as its user starts it, in the folder where it is kept; what it prints."""
    folder = Path(tempfile.mkdtemp(prefix="by-hand-"))
    backend = implementation.backends[0]
    source = implementation.render(made, implementation.dialects[0], backend)
    (folder / "app.py").write_text(source, encoding="utf-8")
    shutil.copy(INSIDE / "stage.py", folder)
    port = _free_port()
    launch = implementation.launch(made, backend)
    given = {name: value.format(port=port) for name, value in launch.environment.items()}
    own = {name: value for name, value in os.environ.items() if name != "STAGE_SOCKET"}
    argv = [sys.executable, *(word.format(port=port) for word in launch.argv)]
    printed = folder / "printed"
    with printed.open("w") as output:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env={**own, **given},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _listens(process, port)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the port accepts connections."""
    life = os.pidfd_open(process.pid)
    try:
        for _ in range(int(START_SECONDS / 0.01)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            assert not select.select([life], [], [], 0.01)[0], "the program ended at its start"
    finally:
        os.close(life)
    raise AssertionError(f"nothing listened on {port}")
