"""Each assertion of a page, of its jobs and of the suite's modules fails on the scripts on which it must, with a
message that names what was seen, and holds on the others. Without them, no verdict that something did not happen
means anything."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import callback_conformance
import conformance
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page, page
from conformance import cached, outages
from tests.job_assertions import RUNS
from tests.page_assertions import ACTS, JOBS, VALUES, WHAT_ELSE_IS_SEEN
from tests.scripted_page import Assertion, Scene, Try
from tests.scripted_steps import emits, shows, starts
from tests.stranger_assertions import STRANGERS
from tests.suite_assertions import AT_GATE, SESSION, SUITE, ticks

ALL = [*ACTS, *VALUES, *WHAT_ELSE_IS_SEEN, *JOBS, *RUNS, *SESSION, *SUITE, *STRANGERS]
CASES = [
    pytest.param(assertion, each, id=f"{assertion.name}: {each.title}")
    for assertion in ALL
    for each in assertion.tries
]

HARNESS = Path(callback_conformance.__file__).parent
SCANNED = [
    *(file for room in ("control", "page", "session") for file in (HARNESS / room).glob("*.py")),
    *(file for file in Path(conformance.__file__).parent.glob("[!t_]*.py")),
]
#: What asserts by calling another.
PREFIXES = ("expect_", "wait_for_", "check")
#: No assertions: the warm-up, whose message is tested in test_session.py, and acts that wait for what they have done.
OTHERS = {"warmup.warm_up", "TwoServers.change_over", "loaded.run_one_after_another"}


@pytest.mark.parametrize(("assertion", "each"), CASES)
def test_an_assertion_fails_where_it_must_and_holds_where_it_must(
    assertion: Assertion,
    each: Try,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    # What holds, or fails by what comes later, has the time that it needs on a busy machine.
    waits_in_vain = "within 0 s" in each.message or not each.script.get("later")
    if each.message and waits_in_vain:
        patience = request.getfixturevalue("patience")
        monkeypatch.setattr(outages, "SECONDS", patience)
        monkeypatch.setattr(page, "LAST_CHANCE_SECONDS", patience)
    scene = Scene(**each.script)
    message = ""
    try:
        assertion.use(scene)
    except Violation as violation:
        message = str(violation)
    finally:
        scene.close()
    if each.message.endswith("…"):
        assert message.startswith(each.message.removesuffix("…"))
    else:
        assert message == each.message


@pytest.mark.parametrize("script", [{}, {"is_endless": True}], ids=["to rest", "never to rest"])
def test_a_page_goes_on_until_it_is_idle_or_has_had_its_time(
    script: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    if script:
        request.getfixturevalue("patience")
    scene = Scene(later=[shows("done")], **script)
    try:
        scene.page.go_on_until_idle()
        assert scene.page.get("out.children") == "done"
    finally:
        scene.close()


def test_every_assertion_has_a_script_on_which_it_fails_and_one_on_which_it_holds() -> None:
    tried = [(assertion.name, each.message) for assertion in ALL for each in assertion.tries]
    failing = {name for name, message in tried if message}
    holding = {name for name, message in tried if not message}
    asserting = {name for file in SCANNED for name in assertions_in(file)} - OTHERS
    lacking = asserting - (failing & holding)
    assert not lacking, "add scripts to tests/page_assertions.py, or to its neighbours"
    assert failing | holding <= asserting


def assertions_in(file: Path) -> Iterator[str]:
    """The public functions and methods of a module that raise a Violation, or call one that does."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = {}
    for node in tree.body:
        owner = node.name if isinstance(node, ast.ClassDef) else file.stem
        for part in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(part, ast.FunctionDef):
                functions[part.name] = (owner, part)
    asserting: set[str] = set()
    while (
        more := {name for name, (_, node) in functions.items() if asserts(node, asserting)}
        - asserting
    ):
        asserting |= more
    for name in asserting:
        if not name.startswith("_"):
            yield f"{functions[name][0]}.{name}"


def asserts(function: ast.FunctionDef, asserting: set[str]) -> bool:
    """Whether a function raises a Violation, or calls an assertion."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == "Violation" or called in asserting or called.startswith(PREFIXES):
                return True
    return False


# What assertions of absence rest on.


def test_a_fence_brings_in_what_the_server_had_sent_and_no_more() -> None:
    scene = Scene(sent=[shows("a"), shows("b")], later=[shows("c")])
    scene.page.fence()
    assert scene.page.events.values_of("out.children") == ["a", "b"]
    scene.close()


@pytest.mark.parametrize("comes_to_rest", [Page.fence, Page.settle], ids=["fence", "settle"])
def test_a_fence_brings_in_what_probes_had_reported(comes_to_rest: Callable[[Page], None]) -> None:
    scene = Scene(sent=[starts(is_late=True), emits("word")])
    comes_to_rest(scene.page)
    assert [event.what for event in scene.timeline] == ["dawdles", "starts", "word"]
    scene.close()


def test_a_run_of_a_cached_callback_is_over_with_the_tick_after_its_result() -> None:
    scene = Scene(before=AT_GATE, later=[ticks])
    cached.runs(scene.page, "new")
    assert scene.page.get("timer.n_intervals") == 7
    scene.close()
