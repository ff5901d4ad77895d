"""The programs of the older dialects of Dash: `long_callback`, and Dash Labs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callback_conformance.adapters.dash import dash, dash_labs
from callback_conformance.scenario import (
    BadScenario,
    Field,
    Gunicorn,
    Manager,
    ProgressBar,
    Store,
    Text,
    background,
    bar_figure,
    no_update,
    ordinary,
    report,
    scenario,
)
from tests.programs import OUT, RUN, WAITING, job_for, judged


def long(*parts: Any, **more: Any) -> str:
    """The program of a scenario with ``@app.long_callback``."""
    return dash.render(scenario(*parts, **more), "long_callback", "diskcache")


def labs(*parts: Any, backend: str = "flask_caching", **more: Any) -> str:
    """The program of a scenario for Dash Labs."""
    return dash_labs.render(scenario(*parts, **more), "labs", backend)


RUNNING = [("run.disabled", True, False)]
BOTH = ["bar.value", "bar.max"]

WITH_LONG_CALLBACK = """\
import diskcache
from dash import Dash, dcc, html
from dash.dependencies import Input, Output, State
from dash.long_callback import DiskcacheLongCallbackManager

import probe

manager = DiskcacheLongCallbackManager(diskcache.Cache("./manager"))
app = Dash(__name__, long_callback_manager=manager)

app.layout = html.Div(
    [
        html.Button("run", id="run"),
        dcc.Input(id="name", value="Ada"),
        html.Div("", id="out"),
    ],
)


@app.long_callback(
    output=Output("out", "children"),
    inputs=Input("run", "n_clicks"),
    state=State("name", "value"),
    running=[(Output("run", "disabled"), True, False)],
    interval=100,
    prevent_initial_call=True,
)
def job(n_clicks, name):
    probe.started("job", n_clicks=n_clicks, name=name)
    probe.gate("gate")
    return "done"


if __name__ == "__main__":
    app.run_server()
"""

IN_LABS = """\
import dash_core_components as dcc
import dash_html_components as html
import dash_labs as dl
from dash import Dash
from dash_labs.plugins import FlaskCachingCallbackManager
from flask_caching import Cache

import probe

manager = FlaskCachingCallbackManager(
    Cache(config={"CACHE_TYPE": "filesystem", "CACHE_DIR": "./manager"}),
)
app = Dash(
    __name__,
    plugins=[
        dl.plugins.FlexibleCallbacks(),
        dl.plugins.HiddenComponents(),
        dl.plugins.LongCallback(manager),
    ],
    prevent_initial_callbacks=True,
)

app.layout = html.Div(
    [
        html.Button("run", id="run"),
        dcc.Input(id="name", value="Ada"),
        html.Div("", id="out"),
        html.Progress(id="bar"),
    ],
)


@app.long_callback(
    output=dl.Output("out", "children"),
    args=[dl.Input("run", "n_clicks"), dl.State("name", "value")],
    progress=dl.Output("bar", ("value", "max")),
    interval=100,
)
def job(set_progress, n_clicks, name):
    probe.started("job", n_clicks=n_clicks, name=name)
    set_progress("1", f"{name}")
    probe.gate("gate")
    return "done"


if __name__ == "__main__":
    app.run_server()
"""


def test_the_program_of_a_user_of_long_callback() -> None:
    source = long(RUN, Field("name", "Ada"), OUT, job_for(running=RUNNING, state="name.value"))
    assert source == WITH_LONG_CALLBACK


def test_the_program_of_a_user_of_dash_labs() -> None:
    progressing = job_for(
        job=report(("1", "{name}")) >> WAITING, progress=BOTH, state=["name.value"]
    )
    source = labs(RUN, Field("name", "Ada"), OUT, ProgressBar("bar"), progressing)
    assert source == IN_LABS


ECHO = ordinary(output="echo.children", inputs="run.n_clicks", job=no_update())
NAMED: dict[str, Any] = {"inputs": {"clicks": "run.n_clicks"}, "state": {"who": "name.value"}}
PARTS = (RUN, OUT, Field("name"), Text("echo"), ProgressBar("bar"), Store("kept"))

ODD = {
    "long_named": long(*PARTS, job_for(**NAMED), ECHO),
    "long_managers": long(
        *PARTS,
        job_for(manager="b", cancel="name.value", progress=BOTH, progress_default=["0", "1"]),
        managers=(Manager("a"), Manager("b", instrumented=True)),
        manager="",
    ),
    "long_figure": long(
        *PARTS, job_for(progress="kept.data", progress_default=bar_figure(0, 1), initial=True)
    ),
    "labs_named": labs(*PARTS, job_for(**NAMED, cancel=["name.value"], running=RUNNING), ECHO),
    "labs_instrumented": labs(*PARTS, job_for(), managers=(Manager("store", instrumented=True),)),
    "labs_diskcache": labs(*PARTS, job_for(), backend="diskcache", server=Gunicorn()),
    "labs_initial": labs(*PARTS, job_for(initial=True), ECHO),
    "labs_echo": labs(
        *PARTS,
        job_for(),
        ordinary(output="echo.children", inputs="run.n_clicks", job=no_update(), initial=True),
    ),
}


def test_the_programs_of_the_older_dialects_are_formatted_as_a_person_would(tmp_path: Path) -> None:
    assert judged(ODD, tmp_path) == ""


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "long_named",
            [
                '    inputs=dict(clicks=Input("run", "n_clicks")),',
                '    state=dict(who=State("name", "value")),',
                "@app.callback(",
                "from dash import Dash, dcc, html, no_update",
            ],
        ),
        (
            "long_managers",
            ["    manager=b,", 'b = DiskcacheLongCallbackManager(InstrumentedCache("./b"))'],
        ),
        (
            "labs_named",
            [
                '    args=dict(clicks=dl.Input("run", "n_clicks"), who=dl.State("name", "value")),',
                '    running=[(dl.Output("run", "disabled"), True, False)],',
                '    cancel=[dl.Input("name", "value")],',
                "from dash import Dash, no_update",
                '    dl.Output("echo", "children"),',
            ],
        ),
        (
            "labs_instrumented",
            [
                "class InstrumentedCache(Cache):",
                '    InstrumentedCache(config={"CACHE_TYPE": "filesystem", "CACHE_DIR": "./store"}),',
            ],
        ),
        (
            "labs_diskcache",
            ['manager = DiskcacheCachingCallbackManager(diskcache.Cache("./manager"))'],
        ),
        ("labs_echo", ["    prevent_initial_callbacks=True,", "    prevent_initial_call=False,"]),
        ("labs_initial", ["    prevent_initial_call=True,"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_part_of_the_language_is_written_so(name: str, lines: list[str]) -> None:
    written = ODD[name].splitlines()
    assert [line for line in lines if line not in written] == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"progress": "bar.value"},
            "job: progress of Dash Labs is two properties, not ['bar.value']",
        ),
        (
            {"progress": ["bar.value", "out.title"]},
            "job: progress of Dash Labs is two properties of one component",
        ),
        (
            {"progress": BOTH, "job": report("1")},
            "job: progress of Dash Labs is two values, not '1'",
        ),
        ({"progress": BOTH, "progress_default": ["0", "1"]}, "job: Dash Labs has no progress_def"),
        ({"manager": "manager"}, "job: Dash Labs has no manager for a callback"),
    ],
)
def test_what_dash_labs_has_no_form_for_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(BadScenario) as raised:
        labs(*PARTS, job_for(**more))
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("dialect", "kind", "module"),
    [
        ("background", "Manager", "dash"),
        ("long_callback", "LongCallbackManager", "dash.long_callback"),
    ],
)
@pytest.mark.parametrize("backend", ["celery+redis", "their.package:Theirs"])
def test_an_embedded_manager_is_on_diskcache_whatever_the_backend(
    dialect: str, kind: str, module: str, backend: str
) -> None:
    managers = (Manager("one"), Manager("two", embedded=True))
    program = dash.render(scenario(RUN, OUT, job_for(), managers=managers), dialect, backend)
    assert f'\ntwo = Diskcache{kind}(diskcache.Cache("./two"))\n' in program
    assert f"\none = Diskcache{kind}(" not in program
    imported = next(line for line in program.splitlines() if line.startswith(f"from {module} "))
    assert f"Diskcache{kind}" in imported


def test_an_app_of_dash_labs_has_one_manager() -> None:
    with pytest.raises(BadScenario) as raised:
        labs(
            RUN,
            OUT,
            background(output="out.children", inputs="run.n_clicks", job=WAITING),
            manager="",
        )
    assert (
        str(raised.value)
        == "an app of Dash Labs has one manager, which its plugin is constructed with"
    )


@pytest.mark.parametrize(
    ("version", "dialects"),
    [
        ("2.0.0", ["long_callback"]),
        ("2.5.1", ["long_callback"]),
        ("2.6.0", ["background", "long_callback"]),
        ("2.18.2", ["background", "long_callback"]),
        ("3.0.0", ["background"]),
        ("4.4.1", ["background"]),
    ],
)
def test_a_version_of_dash_has_the_dialects_of_its_time(version: str, dialects: list[str]) -> None:
    assert list(dash.adapter.offered(version)) == dialects


@pytest.mark.parametrize("dialect", ["long_callback", "background"])
def test_a_program_in_debug_mode_is_started_once(dialect: str) -> None:
    debugged = scenario(RUN, OUT, job_for(), debug=True)
    runs = "run_server" if dialect == "long_callback" else "run"
    program = dash.render(debugged, dialect, "diskcache")
    assert program.endswith(f"    app.{runs}(debug=True, use_reloader=False)\n")
