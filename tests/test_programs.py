"""Rendered programs: what a user of the framework would have written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callback_conformance.adapters.emitter import Emitter
from callback_conformance.adapters.source import Call, call, flat, opened
from callback_conformance.scenario import (
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
    announce,
    arg,
    assign,
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
    spin,
    start_child,
    status,
    wait_at,
)
from tests.programs import OUT, RUN, WAITING, dash, job_for, judged, taipy

OF_A_DASH_USER = """\
import diskcache
from dash import Dash, DiskcacheManager, Input, Output, callback, html

import probe

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
    probe.started("job", n_clicks=n_clicks)
    probe.gate("gate")
    return "done"


if __name__ == "__main__":
    app.run()
"""


def test_the_program_of_a_dash_user() -> None:
    assert dash(RUN, OUT, job_for(running=[("run.disabled", True, False)])) == OF_A_DASH_USER


OF_A_TAIPY_USER = '''\
from taipy.gui import Gui, invoke_long_callback, notify

import probe

out = ""
name = "Ada"


def heavy_function(name):
    probe.started("heavy_function", name=name)
    probe.gate("gate")
    return "done"


def heavy_function_status(state, status, result):
    probe.emit("status", status=status, result=result)
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
    assert taipy(RUN, OUT, Field("name", "Ada"), action) == OF_A_TAIPY_USER


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
        RUN, OUT, job_for(manager="b"), managers=(Manager("a"), Manager("b", instrumented=True)), manager=""
    ),
    "duplicates": dash(RUN, OUT, job_for(duplicates=(("out.title", "run.n_clicks"),))),
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
        judged(
            {**{name.replace(" ", "_"): source for name, source in ODD.items()}, **steps}, tmp_path
        )
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
                'b = DiskcacheManager(InstrumentedCache("./b"))',
                "app = Dash(__name__)",
                "    manager=b,",
                "class InstrumentedCache(diskcache.Cache):",
                "import os",
            ],
        ),
        (
            "duplicates",
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
        (start_child(), '    probe.emit("child", pid=child.pid)'),
        (give_unstorable(), "    return threading.Lock()"),
        (no_update(), "    return no_update"),
        (give("{n_clicks}!"), '    return f"{n_clicks}!"'),
        (wait_at("gate") >> give(arg("word")), '    word = probe.gate("gate")'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_step_is_written_so(job: Any, line: str) -> None:
    assert line in dash(RUN, OUT, job_for(job=job)).splitlines()


def test_a_step_that_no_function_can_take_is_refused() -> None:
    with pytest.raises(BadScenario, match="job: no function of this kind can take the step Notify"):
        dash(RUN, OUT, job_for(job=notify("info", "hello")[1]))


def test_an_action_is_no_program_of_dash() -> None:
    with pytest.raises(BadScenario, match="an action that invokes a long callback is Taipy's form"):
        dash(RUN, OUT, invoke(trigger="run", job=WAITING))


# Imports.


def test_a_program_imports_what_it_names_in_the_order_of_import_sorters() -> None:
    emitter = Emitter()
    assert emitter.imports() == ""
    for name in ("no_update", "Dash", "ALL"):
        assert emitter.name("dash", name) == name
    assert emitter.module("plotly.graph_objects", "go") == "go"
    assert emitter.module("os") == "os"
    assert flat(emitter.probe("hit", '"read"')) == 'probe.hit("read")'
    assert emitter.imports().split("\n") == [
        "import os",
        "",
        "import plotly.graph_objects as go",
        "from dash import ALL, Dash, no_update",
        "",
        "import probe",
    ]


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
    inner = Emitter().literal(["x" * 50, "y" * 40])
    assert opened(Call("f(", ("a", inner))).splitlines()[:3] == ["f(", "    a,", "    ["]
