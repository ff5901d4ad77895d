"""SPEC.md, chapter 8: Caching."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.plugin.strategies import for_each, json_lists, json_values
from callback_conformance.scenario import (
    Button,
    Field,
    Step,
    Store,
    Text,
    announce,
    die,
    give,
    no_update,
    raise_error,
    report,
    wait_at,
)

from .cached import (
    CHOICE,
    OUT,
    PLAIN,
    RETURNS_WORD,
    VALUE,
    VERSION,
    by,
    cached,
    cached_in,
    hit,
    run,
    runs,
)


@covers("CACHE-1")
def test_without_cache_by_each_trigger_executes_a_job(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=PLAIN)
    run(page, "A", "a")
    run(page, "B", "b")
    run(page, "A", "a again")


@covers("CACHE-1")
def test_without_cache_by_a_trigger_executes_a_job_after_one_that_no_page_waited_for(
    open_page: OpenPage,
) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=PLAIN)
    page.set("choice.value", "A")
    abandoned = page.next_job().wait_for_gate("gate")
    page.reload()
    abandoned.release_if_alive("gate", "abandoned").wait_for_end()
    run(page, "A", "wanted")


@covers("CACHE-2")
@pytest.mark.parametrize("place", ["manager", "decorator"])
@pytest.mark.parametrize("cache_by", [VERSION, (VERSION, VERSION)], ids=["function", "list"])
def test_a_stored_result_is_shown(open_page: OpenPage, place: str, cache_by: Any) -> None:
    page = cached_in(open_page, place, cache_by)
    run(page, "A", "a")
    run(page, "B", "b")
    hit(page, "A", "a")


@covers("CACHE-2")
@pytest.mark.parametrize("value", [None, 0, False, "", [], {}], ids=repr)
def test_an_empty_result_is_stored(open_page: OpenPage, value: Any) -> None:
    job = wait_at("gate") >> give(value)
    kept = Store("kept", "before")
    page = open_page(CHOICE, kept, cached(output="kept.data", job=job), managers=by())
    page.set("choice.value", "A")
    page.next_job().release("gate")
    page.expect_value("kept.data", value)
    other = page.another_tab()
    other.set("choice.value", "A")
    other.expect_cached("kept.data", value)


@covers("CACHE-2")
def test_the_result_for_any_value_is_shown_for_an_equal_one(open_page: OpenPage) -> None:
    page = open_page(VALUE, SALT, OUT, of_value(), managers=by())
    other = page.another_tab()
    number = itertools.count()

    def is_shown(value: Any) -> None:
        salt = next(number)
        begins(salt, page, other)
        run(page, value, f"result {salt}", "value.data")
        hit(other, json.loads(json.dumps(value)), f"result {salt}", "value.data")

    for_each(json_values(), is_shown)


SALT = Store("salt", -1)


def of_value(**more: Any) -> Any:
    """The callback of ``value``; ``salt`` keeps the keys of one example apart from all others."""
    return cached(inputs="value.data", **{"state": "salt.data", **more})


def begins(salt: int, *pages: Page) -> None:
    """An example that has its own keys."""
    for page in pages:
        page.set("salt.data", salt)


@covers("CACHE-3")
def test_a_hit_calls_no_function(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by())
    run(page, "A", "a")
    other = page.another_tab()
    with other.server.starting_no_job():
        other.set("choice.value", "A")
    other.expect_value("out.children", "a")
    other.expect_no_job()
    other.set("choice.value", "B")  # a job that was merely late would start before this one
    assert runs(other, "b").arguments == {"choice": "B"}, "the arguments of the only other job"
    other.expect_no_job()


@covers("CACHE-4")
@pytest.mark.parametrize(
    ("stored", "other"),
    [
        (1, "1"),
        (1, True),
        (0, False),
        (0, ""),
        (True, "True"),
        (None, "None"),
        (None, False),
        ("", []),
        ([], {}),
        ({}, None),
        ("[]", []),
        ([1, 2], [2, 1]),
        ([1], 1),
        (["1"], [1]),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"b": 1}),
    ],
    ids=repr,
)
def test_another_value_of_an_input_executes_a_job(
    open_page: OpenPage, stored: Any, other: Any
) -> None:
    page = open_page(VALUE, OUT, cached(inputs="value.data"), managers=by())
    run(page, stored, "first", "value.data")
    run(page, other, "second", "value.data")


@covers("CACHE-4")
def test_another_value_of_a_state_executes_a_job(open_page: OpenPage) -> None:
    page = open_page(CHOICE, VALUE, OUT, cached(state="value.data"), managers=by())
    run(page, "A", "first")
    page.set("value.data", "changed")
    run(page, "A", "second")


@covers("CACHE-4")
def test_of_arguments_that_look_alike_each_executes_a_job(open_page: OpenPage) -> None:
    state = ("other.data", "salt.data")
    page = open_page(VALUE, SALT, Store("other"), OUT, of_value(state=state), managers=by())
    number = itertools.count()

    def each_runs(drawn: list[Any]) -> None:
        value, other = drawn
        salt = next(number)
        begins(salt, page)
        alike = [(value, other), (other, value), ([value], other)]
        alike += [(json.dumps(value), other), ([value, other], None)]
        for place, (first, second) in enumerate(unequal(alike)):
            page.set("other.data", second)
            run(page, first, f"result {salt}, {place}", "value.data")

    for_each(json_lists(2), each_runs)


def unequal(values: list[Any]) -> list[Any]:
    """The values without those that are equal as JSON to an earlier one."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


@covers("CACHE-5")
def test_the_order_of_keys_is_no_part_of_the_cache_key(open_page: OpenPage) -> None:
    page = open_page(VALUE, OUT, cached(inputs="value.data"), managers=by())
    run(page, {"a": 1, "b": {"c": 2, "d": 3}}, "first", "value.data")
    run(page, {"a": 1}, "between", "value.data")
    hit(page, {"b": {"d": 3, "c": 2}, "a": 1}, "first", "value.data")


@covers("CACHE-5")
def test_whatever_the_order_of_keys_the_cache_key_is_the_same(open_page: OpenPage) -> None:
    page = open_page(VALUE, SALT, OUT, of_value(), managers=by())
    other = page.another_tab()
    number = itertools.count()

    def is_the_same(value: dict[str, Any]) -> None:
        salt = next(number)
        begins(salt, page, other)
        run(page, value, f"result {salt}", "value.data")
        hit(other, backwards(value), f"result {salt}", "value.data")

    keys = st.text(max_size=3)
    for_each(st.dictionaries(keys, json_values(), min_size=2, max_size=4), is_the_same)


def backwards(value: Any) -> Any:
    """The same value with the keys of each dictionary in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(part) for part in value] if isinstance(value, list) else value


@covers("CACHE-13")
def test_a_result_is_not_used_for_another_callback(open_page: OpenPage) -> None:
    another = cached(output="there.children", inputs="go.value", name="another_job")
    parts = (CHOICE, OUT, Field("go"), Text("there", "before"))
    page = open_page(*parts, cached(), another, managers=by())
    run(page, "A", "here")
    page.set("go.value", "A")
    runs(page, "there", "there.children")


@covers("CACHE-13")
def test_a_result_is_not_used_for_a_callback_with_the_same_input(open_page: OpenPage) -> None:
    another = cached(output="there.children", name="another_job")
    page = open_page(CHOICE, OUT, Text("there", "before"), cached(), another, managers=by())
    other = page.another_tab()
    page.set("choice.value", "A")
    jobs = {job.name: job for job in (page.next_job(), page.next_job())}
    jobs["job"].release("gate", "here")
    jobs["another_job"].release("gate", "there")
    page.expect_value("out.children", "here")
    page.expect_value("there.children", "there")
    other.set("choice.value", "A")
    shows_its_own(other, "out.children", "here")
    shows_its_own(other, "there.children", "there")


def shows_its_own(page: Page, prop: str, word: str) -> None:
    """The stored result is shown, or a job is executed: other tests decide whether it is a hit."""
    try:
        page.expect_cached(prop, word)
    except Violation as missing:
        try:
            page.next_job()
        except Violation:
            raise missing from None


@covers("CACHE-13")
def test_a_result_is_not_used_for_a_callback_of_equal_source(open_page: OpenPage) -> None:
    parts = (CHOICE, OUT, Field("go"), Text("there", "before"))
    page = open_page(*parts, cached(duplicates=(("there.children", "go.value"),)), managers=by())
    run(page, "A", "here")
    page.set("go.value", "A")
    runs(page, "there", "there.children")


@covers("CACHE-14")
def test_a_result_is_not_used_for_another_instance_of_a_callback(open_page: OpenPage) -> None:
    rows = [(Field(f"choice[{row}]"), Text(f"out[{row}]", "before")) for row in (1, 2)]
    job = cached(output="out[MATCH].children", inputs="choice[MATCH].value")
    page = open_page(*rows[0], *rows[1], job, managers=by())
    page.set("choice[1].value", "A")
    runs(page, "first", "out[1].children")
    page.set("choice[2].value", "A")
    runs(page, "second", "out[2].children")


@covers("CACHE-15")
@pytest.mark.parametrize("end", [raise_error("no"), die()], ids=["raises", "dies"])
def test_after_a_job_that_failed_a_job_is_executed(open_page: OpenPage, end: Step) -> None:
    is_executed_after(open_page, end)


def is_executed_after(open_page: OpenPage, end: Step) -> None:
    """After a job with this end, another trigger with its key executes a job."""
    callback = cached(job=wait_at("gate") >> announce("goes on") >> end)
    page = open_page(CHOICE, OUT, callback, managers=by())
    other = page.another_tab()
    page.set("choice.value", "A")
    page.next_job().release("gate").wait_for_end()
    page.fence()
    page.close()
    other.set("choice.value", "A")
    job = other.next_job().wait_for_gate("gate")
    other.fence()
    job.release("gate").wait_for_event("goes on")


@covers("CACHE-16")
def test_after_a_job_that_was_cancelled_a_job_is_executed(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, Button("cancel"), cached(cancel="cancel.n_clicks"), managers=by())
    page.set("choice.value", "A")
    cancelled = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    cancelled.wait_for_end()
    page.settle()
    run(page, "A", "a")


@covers("CACHE-17")
def test_after_a_job_that_declined_to_update_a_job_is_executed(open_page: OpenPage) -> None:
    is_executed_after(open_page, no_update())


@covers("CACHE-18")
def test_after_a_hit_the_off_value_of_running_holds(open_page: OpenPage) -> None:
    entry = ("note.children", "busy", "over")
    page = open_page(CHOICE, OUT, Text("note", "idle"), cached(running=[entry]), managers=by())
    run(page, "A", "a")
    other = page.another_tab()
    hit(other, "A", "a")
    other.settle()
    other.expect_unchanged("note.children", "over")


@covers("CACHE-25")
@pytest.mark.parametrize(
    ("default", "expected"),
    [({"progress_default": "rest"}, "rest"), ({}, None)],
    ids=["default", "no default"],
)
def test_after_a_hit_the_progress_default_holds(
    open_page: OpenPage, default: dict[str, Any], expected: Any
) -> None:
    job = cached(job=report("half") >> RETURNS_WORD, progress="kept.data", **default)
    page = open_page(CHOICE, OUT, Store("kept", "layout"), job, managers=by())
    run(page, "A", "a")
    other = page.another_tab()
    hit(other, "A", "a")
    other.settle()
    other.expect_unchanged("kept.data", expected)
