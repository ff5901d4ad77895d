"""What must hold in every test is seen to be broken when it is."""

from __future__ import annotations

import contextlib
import inspect
from types import SimpleNamespace
from typing import Any

import pytest

from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.session import invariants

Entry = tuple[str, str, dict[str, Any]]


def session(*entries: Entry) -> Any:
    """A session with two pages and this timeline."""
    timeline = Timeline()
    for source, what, facts in entries:
        timeline.add(source, what, **facts)
    names = ("page-1", "page-2")
    pages = [SimpleNamespace(name=name, user=f"{name}-user") for name in names]
    return SimpleNamespace(timeline=timeline, pages=pages)


def shown(page: str, value: Any, **facts: Any) -> Entry:
    """A page shows a value."""
    return page, "shows", {"prop": "out.children", "value": value, **facts}


def status(source: str, value: Any) -> Entry:
    """A status function is called."""
    return source, "status", {"status": value}


#: Histories that break an invariant, each with the end of its message and the requirement that it violates.
BROKEN: list[tuple[list[Entry], str, str]] = [
    (
        [shown("page-2", "for page-1-user")],
        "page-2 saw page-2     shows      prop='out.children', value='for page-1-user', and "
        "'page-1-user' belongs to another user",
        "ISO-4",
    ),
    *(
        (
            [shown("page-2", "page-1-user", source=source)],
            "'page-1-user' belongs to another user",
            requirement,
        )
        for source, requirement in {
            "response": "ISO-4",
            **invariants.REQUIREMENT_BY_SOURCE,
        }.items()
    ),
    (
        [shown("page-1", {"deep": ["page-2-user"]})],
        "'page-2-user' belongs to another user",
        "ISO-4",
    ),
    (
        [("page-2", "notifies", {"kind": "info", "message": "page-1-user"})],
        "'page-1-user' belongs to another user",
        "ISO-7",
    ),
    (
        [status("job-1", True), status("job-1", False)],
        "job-1      status     status=False is a second final status of job-1",
        "STATUS-32",
    ),
    (
        [status("job-1", True), status("job-1", 2), status("job-1", True)],
        "job-1      status     status=True is a second final status of job-1",
        "STATUS-32",
    ),
]


@pytest.mark.parametrize(("history", "message", "requirement"), BROKEN)
def test_a_timeline_that_no_test_may_have_is_a_violation(
    history: list[Entry], message: str, requirement: str
) -> None:
    with pytest.raises(Violation) as raised:
        invariants.check(session(*history))
    assert str(raised.value).startswith("an invariant of every test is broken: ")
    assert str(raised.value).endswith(message)
    assert raised.value.requirements == (requirement,)


@pytest.mark.parametrize("what", ["ends", "reaches"])
def test_what_comes_after_the_end_of_a_job_is_a_fault_of_the_timeline(what: str) -> None:
    history: list[Entry] = [("job-1", "ends", {}), ("job-1", what, {})]
    with pytest.raises(RuntimeError, match=r"job-1 .* came after the end of job-1"):
        invariants.check(session(*history))


@pytest.mark.parametrize(
    "history",
    [
        [shown("page-1", "page-1-user"), shown("page-2", "page-2-user")],
        [("page-2", "acts", {"prop": "name.value", "value": "page-1-user"})],
        [("job-1", "starts", {}), ("job-1", "ends", {}), ("job-2", "starts", {})],
        [("job-1", "ends", {}), ("job-1", "child ends", {})],
        [status("job-1", 1), status("job-1", 2), status("job-1", True)],
        [status("job-1", True), status("job-2", True)],
        [status("server-7", True), status("server-7", True)],
    ],
    ids=[
        "each user's own",
        "a user's act",
        "a job after another's end",
        "a child that ends later",
        "one final status",
        "one for each job",
        "a thread that runs many",
    ],
)
def test_a_timeline_that_a_test_may_have_is_none(history: list[Entry]) -> None:
    invariants.check(session(*history))


INVARIANTS = [
    name
    for name, value in vars(invariants).items()
    if inspect.isgeneratorfunction(value) and name != "_events_after_the_end"
]


@pytest.mark.parametrize("name", INVARIANTS)
def test_each_invariant_is_broken_by_a_history_that_breaks_no_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invariants, name, lambda *_: ())
    unbroken = 0
    for history, _, _ in BROKEN:
        with contextlib.suppress(Violation):
            invariants.check(session(*history))
            unbroken += 1
    assert unbroken
