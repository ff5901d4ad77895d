"""Dash programs of groupings, of no update, and of mistakes: as their authors would have written them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from callback_conformance.adapters.dash import dash, dash_labs
from callback_conformance.scenario import (
    NO_UPDATE,
    BadScenario,
    Dependency,
    Manager,
    Plain,
    Store,
    Text,
    arg,
    background,
    decline,
    give,
    if_word,
    ordinary,
    raise_error,
    scenario,
    wait_at,
)
from tests.programs import OUT, RUN, WAITING, judged

PARTS = (RUN, OUT, Text("other"), Store("a"), Store("b"))


def program(callback: Any, dialect: str = "background", **more: Any) -> str:
    """The program of a callback in a dialect of Dash."""
    return dash.render(scenario(*PARTS, callback, **more), dialect, "diskcache")


def job_for(**more: Any) -> Any:
    """A callback of ``run`` that writes to ``out``, changed by ``more``."""
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    )


@pytest.mark.parametrize(
    ("inputs", "line"),
    [
        (["run.n_clicks", "a.data"], '    Input("run", "n_clicks"),\n    Input("a", "data"),\n'),
        (("run.n_clicks", "a.data"), 'inputs=(Input("run", "n_clicks"), Input("a", "data")),'),
        (("run.n_clicks",), 'inputs=(Input("run", "n_clicks"),),'),
        (
            ["run.n_clicks", ["a.data", "b.data"]],
            'inputs=[Input("run", "n_clicks"), [Input("a", "data"), Input("b", "data")]],',
        ),
        (
            {"clicks": "run.n_clicks", "held": Dependency("State", "a.data")},
            'inputs=dict(clicks=Input("run", "n_clicks"), held=State("a", "data")),',
        ),
    ],
    ids=["list", "tuple", "one in a tuple", "list in a list", "state among inputs"],
)
def test_a_grouping_is_written_in_its_form(inputs: Any, line: str) -> None:
    assert line in program(job_for(inputs=inputs))


def test_a_function_has_the_parameters_that_it_takes() -> None:
    source = program(job_for(inputs=["run.n_clicks", "a.data"], takes=("clicks", "held")))
    assert "def job(clicks, held):" in source
    assert 'probe.started("job", clicks=clicks, held=held)' in source


def test_a_grouping_within_the_arguments_is_called_by_all_its_components() -> None:
    assert "def job(n_clicks, a_b):" in program(
        job_for(inputs=["run.n_clicks", ["a.data", "b.data"]])
    )


def test_args_of_labs_hold_groupings_too() -> None:
    grouped = scenario(*PARTS, job_for(inputs=["run.n_clicks"], state=[["a.data", "b.data"]]))
    source = dash_labs.render(grouped, "labs", "diskcache")
    wanted = 'args=[dl.Input("run", "n_clicks"), [dl.State("a", "data"), dl.State("b", "data")]],'
    assert wanted in source


def test_no_update_stands_where_a_result_does() -> None:
    source = program(
        job_for(output=["out.children", "other.children"], job=wait_at("x") >> give([NO_UPDATE, 1]))
    )
    assert "return [no_update, 1]" in source
    assert "no_update," in source.partition("manager =")[0] or ", no_update" in source


def test_what_declines_raises_and_imports_the_exception() -> None:
    source = program(job_for(job=wait_at("x") >> decline()))
    assert "from dash.exceptions import PreventUpdate\n" in source
    assert "    raise PreventUpdate\n" in source


def test_a_step_is_taken_when_its_word_was_given() -> None:
    steps = wait_at("gate") >> if_word("fail", raise_error("no")) >> give(arg("word"))
    wanted = """\
    word = probe.gate("gate")
    if word == "fail":
        raise ValueError("no")
    return word
"""
    assert wanted in program(job_for(job=steps))


def test_a_module_of_a_step_that_may_be_taken_is_imported() -> None:
    assert "PreventUpdate\n" in program(job_for(job=wait_at("x") >> if_word("no", decline())))


MISTAKES = {
    "running": (
        job_for(running=[(Dependency("Input", "run.disabled"), True)]),
        'running=[(Input("run", "disabled"), True)],',
    ),
    "cancel": (job_for(cancel=[Plain("run.n_clicks")]), 'cancel=["run.n_clicks"],'),
    "progress": (
        job_for(progress=["out.title", Dependency("State", "a.data")]),
        'progress=[Output("out", "title"), State("a", "data")],',
    ),
    "options": (
        job_for(options={"cancell": (Dependency("Input", "run.n_clicks"), {"a": 1})}),
        'cancell=(Input("run", "n_clicks"), {"a": 1}),',
    ),
    "ordinary": (
        ordinary(
            output="out.children",
            inputs="run.n_clicks",
            job=wait_at("gate") >> give(1),
            options={"cancel": [Dependency("Input", "run.n_clicks")]},
        ),
        'cancel=[Input("run", "n_clicks")],',
    ),
}


@pytest.mark.parametrize(("callback", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_written_as_it_stands(callback: Any, line: str, tmp_path: Path) -> None:
    source = program(callback)
    assert f"    {line}\n" in source
    assert judged({"app": source}, tmp_path) == ""


def test_a_manager_may_be_given_something_else_than_a_cache() -> None:
    wrong = Manager("manager", instead_of_cache={"directory": "here"}, options={"cache_by": [1]})
    source = program(job_for(), managers=(wrong,))
    assert 'manager = DiskcacheManager({"directory": "here"}, cache_by=[1])' in source
    assert "import diskcache" not in source


@pytest.mark.parametrize("plugin", ["LongCallback", "FlexibleCallbacks", "HiddenComponents"])
def test_an_app_may_lack_a_plugin(plugin: str) -> None:
    whole, without = (
        dash_labs.render(scenario(*PARTS, job_for(), lacks=lacks), "labs", "diskcache")
        for lacks in ("", plugin)
    )
    gone = set(whole.splitlines()) - set(without.splitlines())
    assert plugin in "".join(gone)
    assert f"plugins.{plugin}(" not in without
    assert without.count("dl.plugins.") == 2


def test_a_mistake_still_names_components_that_there_are() -> None:
    with pytest.raises(BadScenario, match="no component is called 'nowhere'"):
        program(job_for(cancel=[Dependency("State", "nowhere.n_clicks")]))
