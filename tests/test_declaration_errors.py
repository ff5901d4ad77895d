"""The error that a program with a mistake shows, and how a test expects it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from callback_conformance.adapters import Adapter
from callback_conformance.adapters.dash.renderer.callbacks import CallbackDefinition
from callback_conformance.adapters.dash.renderer.checks import duplicate_outputs, missing_ids
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.backends import Backend
from callback_conformance.control.violation import Violation
from callback_conformance.page import DidNotLoad, TabError
from callback_conformance.processes import WarmProcess
from callback_conformance.scenario import Button, Text, background, give, scenario
from callback_conformance.session.session import AppSession
from conformance.rejected import expect_named
from tests import scripted
from tests.wire import components, declared

SCENARIO = scenario(
    Button("run"),
    Text("out"),
    background(output="out.children", inputs="run.n_clicks", job=give("done")),
)


ErrorOf: TypeAlias = Callable[[Adapter], str]


@pytest.fixture
def error_of(warm: WarmProcess) -> Iterator[ErrorOf]:
    """The error of an adapter's program. It raises Violation if the program shows none."""
    sessions: list[AppSession] = []

    def declaration_error(adapter: Adapter) -> str:
        sessions.append(AppSession(adapter, "background", Backend("thread"), "wire", warm))
        return sessions[-1].declaration_error(SCENARIO)

    yield declaration_error
    for session in sessions:
        session.close()


def rendering(program: str) -> Adapter:
    """An adapter whose programs are this text."""
    return dataclasses.replace(scripted.adapter, render=lambda *_: program)


def opening(error: Exception | None = None, *errors: TabError) -> Adapter:
    """An adapter whose pages fail to load with ``error``, or show these ``errors`` as soon as they are loaded."""

    def open_wire(*arguments: Any, **named: Any) -> Any:
        if error:
            raise error
        tab = scripted.open_wire(*arguments, **named)
        tab.errors = errors  # type: ignore[misc]
        return tab

    return dataclasses.replace(scripted.adapter, drivers={"wire": open_wire})


def test_the_error_of_a_program_that_raises_is_the_text_of_its_exception(error_of: ErrorOf) -> None:
    assert error_of(scripted.cannot_start) == "ValueError: no such setting"


def test_the_error_is_that_of_the_last_exception_with_all_its_lines(error_of: ErrorOf) -> None:
    program = (
        'try:\n    1 / 0\nexcept ArithmeticError:\n    raise ValueError("one\\n  two\\nthree")'
    )
    assert error_of(rendering(program)) == "ValueError: one\n  two\nthree"


def test_the_error_of_a_program_that_exits_without_an_exception_is_what_it_printed(
    error_of: ErrorOf,
) -> None:
    assert error_of(rendering('print("no manager")\nraise SystemExit(2)')) == "no manager"


def test_the_error_of_a_page_that_shows_errors_when_it_is_loaded_is_their_text(
    error_of: ErrorOf,
) -> None:
    errors = (TabError(0, "twice: out"), TabError(0, "nowhere: in"))
    assert error_of(opening(None, *errors)) == "twice: out\nnowhere: in"


def test_the_error_of_a_page_that_does_not_load_is_the_answer_of_the_server(
    error_of: ErrorOf,
) -> None:
    assert error_of(opening(DidNotLoad("500: no layout"))).startswith("500: no layout")


def test_a_program_that_serves_a_page_without_an_error_is_accepted(error_of: ErrorOf) -> None:
    with pytest.raises(Violation, match="was accepted"):
        error_of(scripted.adapter)


def test_a_server_that_cannot_be_reached_is_a_violation(error_of: ErrorOf) -> None:
    with pytest.raises(Violation, match="did not load: nobody listens"):
        error_of(opening(ConnectionRefusedError("nobody listens")))


@pytest.mark.parametrize(
    "error", ["no Progress default", "PROGRESS_DEFAULT: 3", "progress-default"]
)
def test_a_name_is_recognised_in_any_case_and_with_any_separator(error: str) -> None:
    expect_named(error, "progress_default")


def test_an_error_that_does_not_name_what_is_wrong_is_a_violation() -> None:
    with pytest.raises(Violation, match="expected that it names 'running'"):
        expect_named("IndexError: tuple index out of range", "running")


# What the renderer of Dash checks by itself.

DEBUG = {"validate_callbacks": True}


def definitions(*outputs: str) -> list[CallbackDefinition]:
    """A callback for each output, with the same button and state."""
    return [
        CallbackDefinition.of(declared(output, "run.n_clicks", state=("note.data",)))
        for output in outputs
    ]


def layout(*ids: str) -> Layout:
    """A page with these components."""
    children = components({f"{id}.id": id for id in ids})
    return Layout({"type": "Div", "props": {"children": children}})


def test_the_renderer_reports_an_output_of_two_callbacks_only_in_debug_mode() -> None:
    twice = definitions("out.children", "..other.children...out.children..")
    [error] = duplicate_outputs(twice, DEBUG)
    assert "out.children" in error.text
    assert duplicate_outputs(twice, {}) == []
    assert (
        duplicate_outputs(definitions("out.children", "out.title", "other.children"), DEBUG) == []
    )


def test_the_renderer_reports_ids_that_no_component_has() -> None:
    errors = missing_ids(definitions("out.children"), layout("out", "note"), {})
    assert [error.text for error in errors] == ["ID not found in layout: 'run' (Input)"]
    assert missing_ids(definitions("out.children"), layout("out", "run", "note"), {}) == []


def test_the_renderer_reports_no_missing_ids_when_callback_exceptions_are_suppressed() -> None:
    config = {"suppress_callback_exceptions": True}
    assert missing_ids(definitions("out.children"), layout("note"), config) == []
