"""SPEC.md, chapter 17: Declaration errors.

Each test has the same program without the mistake, and a job of it: what refuses every program has not
found this one's mistake. Since nothing else differs, the error is about the mistake, whatever its words.
"""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.plugin import OpenPage, covers, only
from callback_conformance.scenario import (
    Background,
    Button,
    Callback,
    Component,
    Dependency,
    Manager,
    Plain,
    ProgressBar,
    Text,
    background,
    constant,
    give,
    ordinary,
    parameter,
    wait_at,
)

from .rejected import expect_named

RUN, STOP, OUT, NOTE, BAR = (
    Button("run"),
    Button("stop"),
    Text("out", "before"),
    Text("note"),
    ProgressBar("bar"),
)
PARTS = (RUN, STOP, OUT, NOTE, BAR)
WAITING = wait_at("gate") >> give("done")


def out(**more: Any) -> Background:
    """The callback of the button ``run`` that puts its result into ``out``."""
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    )


def works(open_page: OpenPage, *parts: Component | Callback, **more: Any) -> None:
    """This program runs a job and shows its result."""
    page = open_page(*parts, **more)
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("DECLARE-1")
def test_a_callback_without_a_manager_raises(open_page: OpenPage) -> None:
    open_page.expect_error(*PARTS, out(), managers=())
    works(open_page, *PARTS, out())


@covers("DECLARE-1")
def test_a_callback_without_a_manager_raises_beside_one_that_has_its_own(
    open_page: OpenPage,
) -> None:
    other = background(
        output="note.children", inputs="stop.n_clicks", job=give("done"), name="other"
    )
    own = out(manager="own")
    managers = (Manager("own"),)
    open_page.expect_error(*PARTS, own, other, managers=managers, manager="")
    works(open_page, *PARTS, own, managers=managers, manager="")


@covers("DECLARE-2")
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("cancell", [Dependency("Input", "stop.n_clicks")]),
        ("set_progress", Dependency("Output", "bar.value")),
    ],
    ids=["cancell", "set_progress"],
)
def test_an_unknown_option_raises(open_page: OpenPage, option: str, value: Any) -> None:
    open_page.expect_error(*PARTS, out(options={option: value}))
    works(open_page, *PARTS, out())


@covers("DECLARE-3")
@pytest.mark.parametrize(
    "entry",
    [
        ("run.disabled",),
        ("run.disabled", True, False, None),
        (Dependency("Input", "run.disabled"), True, False),
        (Dependency("State", "run.disabled"), True, False),
        (Plain("run.disabled"), True, False),
    ],
    ids=["one", "four", "Input", "State", "text"],
)
def test_a_wrong_entry_of_running_raises(open_page: OpenPage, entry: tuple[Any, ...]) -> None:
    open_page.expect_error(*PARTS, out(running=[entry]))
    works(open_page, *PARTS, out(running=[("run.disabled", True, False)]))


@only("long_callback", "labs")
@covers("DECLARE-3")
def test_a_pair_in_running_raises(open_page: OpenPage) -> None:
    open_page.expect_error(*PARTS, out(running=[("run.disabled", True)]))
    works(open_page, *PARTS, out(running=[("run.disabled", True, False)]))


NO_INPUTS = [
    Dependency("Output", "stop.n_clicks"),
    Dependency("State", "stop.n_clicks"),
    Plain("stop.n_clicks"),
]
NO_OUTPUTS = [
    Dependency("Input", "bar.value"),
    Dependency("State", "bar.value"),
    Plain("bar.value"),
]


def kind(value: Any) -> str:
    """What stands in the place of another dependency."""
    return value.kind if isinstance(value, Dependency) else "text"


@covers("DECLARE-4")
@pytest.mark.parametrize("entry", NO_INPUTS, ids=kind)
def test_an_entry_of_cancel_that_is_no_input_raises(open_page: OpenPage, entry: Any) -> None:
    open_page.expect_error(*PARTS, out(cancel=[entry]))
    works(open_page, *PARTS, out(cancel=["stop.n_clicks"]))


@covers("DECLARE-5")
@pytest.mark.parametrize("entry", NO_OUTPUTS, ids=kind)
def test_progress_that_is_no_output_raises(open_page: OpenPage, entry: Any) -> None:
    open_page.expect_error(*PARTS, out(progress=["bar.max", entry]))
    works(open_page, *PARTS, out(progress=["bar.max", "bar.value"]))


BOTH = ["bar.value", "bar.max"]
BY_NAME = {"done": "bar.value", "total": "bar.max"}
WRONG_DEFAULTS = {
    "too short": (BOTH, ["0"]),
    "too long": (BOTH, ["0", "10", "20"]),
    "no list": (BOTH, "0"),
    "a dictionary": (BOTH, {"done": "0", "total": "10"}),
    "a list": (BY_NAME, ["0", "10"]),
    "a missing key": (BY_NAME, {"done": "0"}),
    "another key": (BY_NAME, {"done": "0", "total": "10", "left": "10"}),
}


@covers("DECLARE-6")
@pytest.mark.parametrize(("progress", "default"), WRONG_DEFAULTS.values(), ids=WRONG_DEFAULTS)
def test_a_progress_default_of_another_form_raises(
    open_page: OpenPage, progress: Any, default: Any
) -> None:
    wrong = out(progress=progress, progress_default=default)
    open_page.expect_error(*PARTS, wrong)
    works(open_page, *PARTS, out(progress=BOTH, progress_default=["0", "10"]))


@covers("DECLARE-6")
@pytest.mark.parametrize("default", [["0", "10"], "0"], ids=["list", "text"])
def test_a_progress_default_without_progress_raises(open_page: OpenPage, default: Any) -> None:
    open_page.expect_error(*PARTS, out(progress_default=default))
    works(open_page, *PARTS, out(progress=BOTH, progress_default=["0", "10"]))


FIRST = background(output="note.children", inputs="stop.n_clicks", job=WAITING, name="first")


@covers("DECLARE-7")
@pytest.mark.parametrize("output", ["note.children", ["bar.value", "note.children"]], ids=str)
def test_an_output_of_two_callbacks_raises(open_page: OpenPage, output: Any) -> None:
    second = background(output=output, inputs="stop.n_clicks", job=give("never"), name="second")
    open_page.expect_error(*PARTS, FIRST, second)
    works(open_page, *PARTS, out(), FIRST)


@covers("DECLARE-7")
def test_an_output_of_an_ordinary_callback_too_raises(open_page: OpenPage) -> None:
    second = ordinary(output="note.children", inputs="stop.n_clicks", job=give("never"))
    open_page.expect_error(*PARTS, FIRST, second)
    works(open_page, *PARTS, out(), FIRST)


@covers("DECLARE-8")
@pytest.mark.parametrize("setting", ["./manager", 1, {"directory": "./manager"}], ids=repr)
def test_a_manager_that_is_given_no_cache_of_its_kind_raises(
    open_page: OpenPage, setting: Any
) -> None:
    wrong = Manager("manager", instead_of_cache=setting)
    open_page.expect_error(*PARTS, out(), managers=(wrong,))
    works(open_page, *PARTS, out())


@covers("DECLARE-9")
@pytest.mark.parametrize("setting", [1, [1], ["session", 1], "everybody"], ids=repr)
def test_a_wrong_cache_by_of_a_manager_raises(open_page: OpenPage, setting: Any) -> None:
    wrong = Manager("manager", options={"cache_by": setting})
    open_page.expect_error(*PARTS, out(), managers=(wrong,))
    works(open_page, *PARTS, out(), managers=(Manager("manager", cache_by=constant("v1")),))


WRONG_CACHE_BY = {
    "a number": 1,
    "a list with a number": [1],
    "a list with an Output": [Dependency("Output", "out.children")],
    "a list with a text": ["run.n_clicks"],
}


@covers("DECLARE-9")
@pytest.mark.parametrize("setting", WRONG_CACHE_BY.values(), ids=WRONG_CACHE_BY)
def test_a_wrong_cache_by_of_a_callback_raises(open_page: OpenPage, setting: Any) -> None:
    open_page.expect_error(*PARTS, out(options={"cache_by": setting}))
    works(open_page, *PARTS, out())


@covers("DECLARE-9")
@pytest.mark.parametrize("place", ["manager", "decorator"])
def test_a_cache_by_function_with_a_parameter_raises(open_page: OpenPage, place: str) -> None:
    wrong, right = parameter(), constant("v1")
    if place == "manager":
        managers = (Manager("manager", cache_by=wrong),)
        open_page.expect_error(*PARTS, out(), managers=managers)
        works(open_page, *PARTS, out(), managers=(Manager("manager", cache_by=right),))
    else:
        open_page.expect_error(*PARTS, out(cache_by=wrong))
        works(open_page, *PARTS, out(cache_by=right))


@covers("DECLARE-10")
@pytest.mark.parametrize("plugin", ["LongCallback", "FlexibleCallbacks", "HiddenComponents"])
def test_an_app_without_a_plugin_raises(open_page: OpenPage, plugin: str) -> None:
    open_page.expect_error(*PARTS, out(), lacks=plugin)
    works(open_page, *PARTS, out())


@covers("DECLARE-11")
def test_cancel_raises_for_an_ordinary_callback(open_page: OpenPage) -> None:
    raises_for_an_ordinary_callback(open_page, "cancel", Dependency("Input", "stop.n_clicks"))


@covers("DECLARE-13")
def test_progress_raises_for_an_ordinary_callback(open_page: OpenPage) -> None:
    raises_for_an_ordinary_callback(open_page, "progress", Dependency("Output", "bar.value"))


def raises_for_an_ordinary_callback(
    open_page: OpenPage, option: str, dependency: Dependency
) -> None:
    """An ordinary callback with an option of background callbacks is rejected."""
    callback: dict[str, Any] = {
        "output": "note.children",
        "inputs": "stop.n_clicks",
        "job": give("other"),
    }
    wrong = ordinary(**callback, options={option: [dependency]})
    open_page.expect_error(*PARTS, out(), wrong)
    works(open_page, *PARTS, out(), ordinary(**callback))


NAMED = {
    "cancell": out(options={"cancell": [Dependency("Input", "stop.n_clicks")]}),
    "running": out(running=[(Plain("run.disabled"), True, False)]),
    "cancel": out(cancel=[Plain("stop.n_clicks")]),
    "progress": out(progress=["bar.max", Plain("bar.value")]),
    "note": out(output="note.children"),
}
NAMED_IN_DASH = {
    "progress_default": out(progress=BOTH, progress_default=["0"]),
    "cache_by": out(options={"cache_by": 1}),
    "cache_args_to_skip": out(cache_args_to_skip=[3]),
}


@covers("DECLARE-12")
@pytest.mark.parametrize("word", NAMED)
def test_the_error_names_what_is_wrong(open_page: OpenPage, word: str) -> None:
    expect_named(open_page.rejection(*PARTS, FIRST, NAMED[word]), word)
    works(open_page, *PARTS, out(), FIRST)


@only("background", "long_callback")
@covers("DECLARE-12")
@pytest.mark.parametrize("word", NAMED_IN_DASH)
def test_the_error_names_the_option_that_is_wrong(open_page: OpenPage, word: str) -> None:
    expect_named(open_page.rejection(*PARTS, FIRST, NAMED_IN_DASH[word]), word)
    works(open_page, *PARTS, out(), FIRST)


@only("background", "long_callback")  # in Labs a plugin is absent in its place
@covers("DECLARE-12")
def test_the_error_names_the_manager_that_is_absent(open_page: OpenPage) -> None:
    expect_named(open_page.rejection(*PARTS, out(), managers=()), "manager")
    works(open_page, *PARTS, out())


@only("labs")
@covers("DECLARE-12")
@pytest.mark.parametrize("plugin", ["LongCallback", "FlexibleCallbacks", "HiddenComponents"])
def test_the_error_names_the_plugin_that_is_absent(open_page: OpenPage, plugin: str) -> None:
    expect_named(open_page.rejection(*PARTS, out(), lacks=plugin), plugin)
    works(open_page, *PARTS, out())


CHAIN: list[Callback] = [
    background(output="note.children", inputs="out.children", job=give("noted"), name="second"),
    ordinary(output="bar.value", inputs="note.children", job=give("1")),
]


@covers("DECLARE-14")
@pytest.mark.parametrize("length", [1, 2], ids=["two callbacks", "three callbacks"])
def test_callbacks_whose_results_trigger_one_another_in_a_circle_raise(
    open_page: OpenPage, length: int
) -> None:
    last = ["note.children", "bar.value"][length - 1]
    open_page.expect_error(*PARTS, out(inputs=last), *CHAIN[:length])
    works(open_page, *PARTS, out(), *CHAIN[:length])
