"""A scenario's parts as programs of Taipy: jobs, status functions, actions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.scenario import (
    BadScenario,
    Button,
    Field,
    Graph,
    Text,
    invoke,
    name_thread,
    no_update,
    raise_error,
    status,
    wait_at,
)
from tests.programs import OUT, RUN, WAITING, job_for, judged, taipy


@pytest.mark.parametrize(
    ("kind", "handed", "line"),
    [
        ("function", "heavy_function", "def heavy_function():"),
        ("lambda", "lambda: heavy_function()", "def heavy_function():"),
        (
            "partial",
            'functools.partial(heavy_function, "heavy_function")',
            "def heavy_function(label):",
        ),
        ("method", "heavy_function.run", "    def run(self):"),
        ("object", "heavy_function", "    def __call__(self):"),
        ("coroutine", "heavy_function", "async def heavy_function():"),
        ("decorated", "heavy_function", "@functools.wraps(heavy_function)".rjust(36)),
        ("class", "HeavyFunction", "    def __init__(self):"),
    ],
)
def test_a_job_is_any_kind_of_callable(kind: str, handed: str, line: str, tmp_path: Path) -> None:
    source = taipy(RUN, OUT, invoke(trigger="run", job=WAITING, kind=kind))
    invocation = " ".join(source.partition("invoke_long_callback(")[2].split())
    assert invocation.removeprefix("state, ").startswith(f"{handed}, [")
    assert line in source.splitlines()
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
        ([RUN, OUT, job_for(job=no_update())], "programs of this kind cannot leave an output"),
        ([Field("name"), OUT, job_for(inputs="name.value")], "job is not started by a button"),
        ([RUN], "run starts nothing; in Taipy it would call on_action"),
        ([RUN, Graph("g"), job_for(output="g.figure")], "g: no graph in Taipy"),
        ([RUN, Text("out", title="t"), job_for()], "out has {'title'}; in Taipy"),
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


OF_A_DECORATED_JOB = """\
def called_heavy_function(heavy_function):
    @functools.wraps(heavy_function)
    def call(*args, **kwargs):
        return heavy_function(*args, **kwargs)

    return call


@called_heavy_function
def heavy_function():
    probe.started("heavy_function")
"""


def test_a_decorated_job_stands_behind_a_function_that_takes_anything() -> None:
    assert OF_A_DECORATED_JOB in taipy(
        RUN, OUT, invoke(trigger="run", job=WAITING, kind="decorated")
    )


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadScenario, match="heavy_function: no kind of callable is called 'thread'"):
        taipy(RUN, OUT, invoke(trigger="run", job=WAITING, kind="thread"))


def test_what_is_given_by_mistake_stands_as_it_is() -> None:
    action = invoke(trigger="run", job=WAITING, kind="text", literal_arguments=5, emits_error=True)
    lines = taipy(RUN, OUT, action).splitlines()
    start = lines.index("    try:")
    assert lines[start : start + 4] == [
        "    try:",
        '        invoke_long_callback(state, "heavy_function", 5)',
        "    except Exception as error:",
        '        probe.emit("raised", error=repr(error))',
    ]
    assert "def heavy_function" not in "\n".join(lines)


def test_several_long_callbacks_of_one_action_share_what_is_equal(tmp_path: Path) -> None:
    shared = status("state", "status", "label", name="shared")
    second = invoke(
        trigger="run", name="second", job=WAITING, status=shared, status_arguments=("there",)
    )
    first = invoke(
        trigger="run", job=WAITING, status=shared, status_arguments=("here",), also=[second]
    )
    source = taipy(RUN, OUT, first)
    for line in (
        '    invoke_long_callback(state, heavy_function, [], shared, ["here"])',
        '    invoke_long_callback(state, second, [], shared, ["there"])',
    ):
        assert line in source.splitlines()
    assert source.count("def shared(") == 1
    assert source.count("def on_action(") == 1
    assert judged({"app": source}, tmp_path) == ""


def test_a_job_names_its_thread() -> None:
    job = name_thread("worker") >> WAITING
    source = taipy(RUN, OUT, invoke(trigger="run", job=job))
    assert '    threading.current_thread().name = "worker"' in source.splitlines()
    assert source.startswith("import threading\n")


def test_what_an_action_does_first_stands_before_its_invocation() -> None:
    source = taipy(RUN, OUT, invoke(trigger="run", job=wait_at("gate"), first=raise_error("no")))
    raises, invokes = source.index('raise ValueError("no")'), source.index("    invoke_long")
    assert raises < invokes


def test_an_app_calls_an_initial_action_for_each_new_user(tmp_path: Path) -> None:
    program = taipy(RUN, OUT, invoke(trigger="run", job=WAITING, initial=True))
    assert "\ndef on_init(state):\n    on_action(state)\n" in program
    assert judged({"initial": program}, tmp_path) == ""


def test_an_element_of_another_long_callback_must_be_there_too() -> None:
    other = invoke(trigger="run", name="other", job=WAITING, arguments=("name.value",))
    with pytest.raises(BadScenario, match=r"heavy_function names 'name\.value'"):
        taipy(RUN, OUT, invoke(trigger="run", job=WAITING, also=[other]), Button("go"))
