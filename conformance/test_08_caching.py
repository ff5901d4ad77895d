"""SPEC.md, chapter 8: Caching."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cached import CHOICE, OUT, TOLD, VERSION, by, cached, clicked, hit, run, runs
from harness.pages import Page
from harness.plugin import OpenPage, covers, wire_only
from harness.plugin.drawn import json_values
from harness.scenario import (
    Button,
    CacheBy,
    Field,
    Gunicorn,
    Manager,
    Step,
    Store,
    Text,
    announce,
    die,
    give,
    launch_id,
    login_name,
    modification_time_of,
    no_update,
    ordinary,
    raise_error,
    report,
    text_of,
    wait_at,
)

PLAIN = (Manager("manager"),)
VALUE = Store("value", "before")


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
    abandoned = page.next_job().reaches("gate")
    page.reload()
    abandoned.release_if_alive("gate", "abandoned").ends()
    run(page, "A", "wanted")


@covers("CACHE-2")
@pytest.mark.parametrize("place", ["manager", "decorator"])
@pytest.mark.parametrize("cache_by", [VERSION, (VERSION, VERSION)], ids=["function", "list"])
def test_a_stored_result_is_shown(open_page: OpenPage, place: str, cache_by: Any) -> None:
    page = cached_in(open_page, place, cache_by)
    run(page, "A", "a")
    run(page, "B", "b")
    hit(page, "A", "a")


def cached_in(open_page: OpenPage, place: str, cache_by: Any, **more: Any) -> Page:
    """The page of a program with ``cache_by`` in this place."""
    if place == "manager":
        managers = (Manager("manager", cache_by=cache_by),)
        return open_page(CHOICE, OUT, cached(), managers=managers, **more)
    return open_page(CHOICE, OUT, cached(cache_by=cache_by), managers=PLAIN, **more)


@covers("CACHE-2")
@pytest.mark.parametrize("value", [None, 0, False, "", [], {}], ids=repr)
def test_an_empty_result_is_stored(open_page: OpenPage, value: Any) -> None:
    job = wait_at("gate") >> give(value)
    kept = Store("kept", "before")
    page = open_page(CHOICE, kept, cached(output="kept.data", job=job), managers=by())
    page.set("choice.value", "A")
    page.next_job().release("gate")
    page.shows("kept.data", value)
    other = page.another_user()
    other.set("choice.value", "A")
    other.hits("kept.data", value)


@covers("CACHE-2")
def test_the_result_for_any_value_is_shown_for_an_equal_one(open_page: OpenPage) -> None:
    page = open_page(VALUE, SALT, OUT, of_value(), managers=by())
    other = page.another_user()
    number = itertools.count()

    @given(json_values())
    def is_shown(value: Any) -> None:
        salt = next(number)
        begins(salt, page, other)
        run(page, value, f"result {salt}", "value.data")
        hit(other, json.loads(json.dumps(value)), f"result {salt}", "value.data")

    is_shown()


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
    other = page.another_user()
    with other.starting_no_job():
        other.set("choice.value", "A")
    other.shows("out.children", "a")
    other.no_job_has_started()
    other.set("choice.value", "B")  # a job that was merely late would come before this one
    assert runs(other, "b").arguments == {"choice": "B"}, "the arguments of the only other job"
    other.no_job_has_started()


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

    @given(json_values(), json_values())
    def each_runs(value: Any, other: Any) -> None:
        salt = next(number)
        begins(salt, page)
        alike = [(value, other), (other, value), ([value], other), (value, [other])]
        alike += [(json.dumps(value), other), (str(value), other), ([value, other], None)]
        for place, (first, second) in enumerate(unequal(alike)):
            page.set("other.data", second)
            run(page, first, f"result {salt}, {place}", "value.data")

    each_runs()


def unequal(values: list[Any]) -> list[Any]:
    """Those of which no two are equal as JSON."""
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
    other = page.another_user()
    number = itertools.count()

    @given(st.dictionaries(st.text(max_size=3), json_values(), min_size=2, max_size=4))
    def is_the_same(value: dict[str, Any]) -> None:
        salt = next(number)
        begins(salt, page, other)
        run(page, value, f"result {salt}", "value.data")
        hit(other, backwards(value), f"result {salt}", "value.data")

    is_the_same()


def backwards(value: Any) -> Any:
    """The same value with the keys of each dictionary in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(part) for part in value] if isinstance(value, list) else value


FILES = {"version.txt": "1", "other.txt": "1"}
READ = text_of("version.txt")


@covers("CACHE-6")
@pytest.mark.parametrize("place", ["manager", "decorator"])
def test_another_value_of_the_function_executes_a_job(open_page: OpenPage, place: str) -> None:
    page = cached_in(open_page, place, READ, files=FILES)
    run(page, "A", "first")
    page.change_file("version.txt", "2")
    run(page, "A", "second")
    hit(page.another_user(), "A", "second")


@covers("CACHE-6")
@pytest.mark.parametrize("changed", ["version.txt", "other.txt"])
def test_another_value_of_one_of_several_functions_executes_a_job(
    open_page: OpenPage, changed: str
) -> None:
    functions = (READ, VERSION, text_of("other.txt"))
    page = open_page(CHOICE, OUT, cached(), managers=by(*functions), files=FILES)
    run(page, "A", "first")
    page.change_file(changed, "2")
    run(page, "A", "second")
    hit(page.another_user(), "A", "second")


@covers("CACHE-6")
def test_two_functions_that_exchange_their_values_make_another_key(open_page: OpenPage) -> None:
    files = {"version.txt": "1", "other.txt": "2"}
    functions = (READ, text_of("other.txt"))
    page = open_page(CHOICE, OUT, cached(), managers=by(*functions), files=files)
    run(page, "A", "first")
    page.change_file("version.txt", "2")
    page.change_file("other.txt", "1")
    run(page, "A", "second")


@covers("CACHE-6")
def test_a_dataset_that_was_modified_executes_a_job(open_page: OpenPage) -> None:
    function = modification_time_of("data.csv")
    files = {"data.csv": "1, 2"}
    page = open_page(CHOICE, OUT, cached(), managers=by(function), files=files)
    run(page, "A", "first")
    hit(page.another_user(), "A", "first")
    page.change_file("data.csv", "1, 2")
    run(page, "A", "second")
    hit(page.another_user(), "A", "second")


@covers("CACHE-7")
def test_the_functions_are_called_at_each_trigger(open_page: OpenPage) -> None:
    functions = (VERSION.telling("first_function"), VERSION.telling("second_function"))
    page = open_page(CHOICE, OUT, cached(), managers=by(*functions))
    for value, word in (("A", "a"), ("B", "b")):
        before = calls(page)
        run(page, value, word)
        each_was_called_since(page, before)
    before = calls(page)
    hit(page, "A", "a")
    each_was_called_since(page, before)


def calls(page: Page) -> list[int]:
    """How often each of the two functions has been called."""
    points = [event.facts.get("point") for event in page.said("passes")]
    return [points.count("first_function"), points.count("second_function")]


def each_was_called_since(page: Page, before: list[int]) -> None:
    """Both functions have been called again."""
    now = calls(page)
    assert all(more > less for more, less in zip(now, before, strict=True)), (
        f"the functions were called {now} times, and {before} times before the trigger"
    )


@covers("CACHE-8")
def test_a_result_is_stored_for_the_data_that_its_trigger_has_seen(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(READ), files=FILES)
    page.set("choice.value", "A")
    job = page.next_job().reaches("gate")
    page.change_file("version.txt", "2")
    page.fence()
    job.release("gate", "of version 1")
    page.shows("out.children", "of version 1")
    run(page, "A", "of version 2")
    page.change_file("version.txt", "1")
    hit(page, "A", "of version 1")


@covers("CACHE-9")
@pytest.mark.parametrize("function", [VERSION, launch_id()], ids=["version", "launch"])
def test_a_result_is_used_on_the_pages_of_all_users(open_page: OpenPage, function: CacheBy) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(function))
    other = page.another_user()
    run(page, "A", "a")
    hit(other, "A", "a")
    hit(page.another_user(), "A", "a")


@wire_only
@covers("CACHE-10")
def test_a_result_is_used_by_another_server_process(open_page: OpenPage) -> None:
    block = ordinary(
        output="echo.children", inputs="ask.n_clicks", job=wait_at("blocked") >> give("answered")
    )
    parts = (CHOICE, OUT, Button("ask"), Text("echo"), cached(), block)
    page = open_page(*parts, managers=by(), server=Gunicorn(workers=2))
    first, second, other = (page.another_user() for _ in range(3))
    # One worker is kept busy, so the other serves the run; then that one is kept busy instead.
    blocked = page.hold("blocked")
    asks = first.in_flight(lambda: first.click("ask"))
    blocked.reached(by=1)
    run(page, "A", "a")
    asks_too = second.in_flight(lambda: second.click("ask"))
    blocked.reached(by=2)
    blocked.release_first()
    hit(other, "A", "a")
    blocked.release()
    asks.join()
    asks_too.join()


@covers("CACHE-11")
def test_a_result_is_used_after_the_server_was_restarted(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by())
    run(page, "A", "a")
    page.restart_server()
    page.reload()
    hit(page, "A", "a")


@covers("CACHE-11")
def test_a_result_is_used_after_the_same_version_was_deployed_again(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(READ), files={"version.txt": "63d1a2f"})
    run(page, "A", "of one version")
    page.restart_server()
    page.change_file("version.txt", "63d1a2f")
    page.reload()
    hit(page, "A", "of one version")


@covers("CACHE-6")
def test_a_result_is_not_used_after_another_version_was_deployed(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(READ), files={"version.txt": "63d1a2f"})
    run(page, "A", "of one version")
    page.restart_server()
    page.change_file("version.txt", "9c00e41")
    page.reload()
    run(page, "A", "of the next version")
    hit(page.another_user(), "A", "of the next version")


@covers("CACHE-12")
def test_a_result_is_not_used_after_a_restart_that_makes_a_new_id(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(launch_id()))
    run(page, "A", "first")
    page.restart_server()
    page.reload()
    run(page, "A", "second")
    hit(page.another_user(), "A", "second")


@covers("CACHE-13")
def test_a_result_is_not_used_for_another_callback(open_page: OpenPage) -> None:
    another = cached(output="there.children", inputs="go.value", name="another_job")
    parts = (CHOICE, OUT, Field("go"), Text("there", "before"))
    page = open_page(*parts, cached(), another, managers=by())
    run(page, "A", "here")
    page.set("go.value", "A")
    runs(page, "there", "there.children")


@covers("CACHE-13")
def test_a_result_is_not_used_for_a_callback_of_equal_source(open_page: OpenPage) -> None:
    parts = (CHOICE, OUT, Field("go"), Text("there", "before"))
    page = open_page(*parts, cached(twins=(("there.children", "go.value"),)), managers=by())
    run(page, "A", "here")
    page.set("go.value", "A")
    runs(page, "there", "there.children")


@covers("CACHE-15")
@pytest.mark.parametrize("end", [raise_error("no"), die()], ids=["raises", "dies"])
def test_after_a_job_that_failed_a_job_is_executed(open_page: OpenPage, end: Step) -> None:
    is_executed_after(open_page, end)


def is_executed_after(open_page: OpenPage, end: Step) -> None:
    """After a job that ended so, another trigger with its key executes a job."""
    callback = cached(job=wait_at("gate") >> announce("goes on") >> end)
    page = open_page(CHOICE, OUT, callback, managers=by())
    for _ in range(2):
        page.set("choice.value", "A")
        job = page.next_job().reaches("gate")
        page.fence()
        job.release("gate").says("goes on").ends()
        page.settle()


@covers("CACHE-16")
def test_after_a_job_that_was_cancelled_a_job_is_executed(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, Button("cancel"), cached(cancel="cancel.n_clicks"), managers=by())
    page.set("choice.value", "A")
    cancelled = page.next_job().reaches("gate")
    page.click("cancel")
    cancelled.ends()
    page.settle()
    run(page, "A", "a")


@covers("CACHE-17")
def test_after_a_job_that_declined_to_update_a_job_is_executed(open_page: OpenPage) -> None:
    is_executed_after(open_page, no_update())


@covers("CACHE-18")
def test_after_a_hit_the_third_value_of_running_holds(open_page: OpenPage) -> None:
    entry = ("note.children", "busy", "over")
    page = open_page(CHOICE, OUT, Text("note", "idle"), cached(running=[entry]), managers=by())
    run(page, "A", "a")
    other = page.another_user()
    hit(other, "A", "a")
    other.settle()
    other.shows_still("note.children", "over")


@covers("CACHE-18")
@pytest.mark.parametrize(
    ("default", "expected"),
    [({"progress_default": "rest"}, "rest"), ({}, None)],
    ids=["default", "no default"],
)
def test_after_a_hit_the_progress_default_holds(
    open_page: OpenPage, default: dict[str, Any], expected: Any
) -> None:
    job = cached(job=report("half") >> TOLD, progress="kept.data", **default)
    page = open_page(CHOICE, OUT, Store("kept", "layout"), job, managers=by())
    run(page, "A", "a")
    other = page.another_user()
    hit(other, "A", "a")
    other.settle()
    other.shows_still("kept.data", expected)


@covers("CACHE-19")
def test_arguments_that_are_not_listed_are_no_part_of_the_key(open_page: OpenPage) -> None:
    job = cached(state="value.data", cache_by=["choice.value"])
    page = open_page(CHOICE, VALUE, OUT, job, managers=PLAIN)
    run(page, "A", "a")
    run(page, "B", "b")
    page.set("value.data", "changed")
    hit(page, "A", "a")


@covers("CACHE-19")
def test_state_may_be_listed(open_page: OpenPage) -> None:
    job = cached(
        inputs=("run.n_clicks", "choice.value"), state="value.data", cache_by=["value.data"]
    )
    page = open_page(Button("run"), CHOICE, VALUE, OUT, job, managers=PLAIN)
    page.click("run")
    runs(page, "first")
    page.set("value.data", "changed")
    page.click("run")
    runs(page, "second")
    page.set("value.data", "before")
    clicked(page, "first")


@covers("CACHE-19")
@pytest.mark.parametrize("changed", ["choice.value", "value.data"])
def test_a_change_of_any_listed_argument_executes_a_job(open_page: OpenPage, changed: str) -> None:
    job = cached(
        inputs="run.n_clicks",
        state=("choice.value", "value.data"),
        cache_by=["choice.value", "value.data"],
    )
    page = open_page(Button("run"), CHOICE, VALUE, OUT, job, managers=PLAIN)
    page.click("run")
    runs(page, "first")
    page.set(changed, "changed")
    page.click("run")
    runs(page, "second")


@covers("CACHE-20")
def test_by_session_a_result_is_used_in_its_own_browser(open_page: OpenPage) -> None:
    page = by_word(open_page, "session")
    run(page, "A", "mine")
    hit(page.another_tab(), "A", "mine")
    page.reload()
    hit(page, "A", "mine")


@covers("CACHE-20")
def test_by_session_a_result_is_used_in_no_other_browser(open_page: OpenPage) -> None:
    page = by_word(open_page, "session")
    run(page, "A", "mine")
    other = page.another_user()
    run(other, "A", "theirs")
    hit(page.another_tab(), "A", "mine")
    hit(other.another_tab(), "A", "theirs")


def by_word(open_page: OpenPage, word: str, **more: Any) -> Page:
    """The page of a program whose manager caches by ``word``."""
    return open_page(CHOICE, OUT, cached(), managers=(Manager("manager", cache_by=word),), **more)


@covers("CACHE-21")
def test_by_user_a_result_is_used_wherever_its_user_is_logged_in(open_page: OpenPage) -> None:
    page = by_word(open_page, "user", login="ada")
    run(page, "A", "of Ada")
    hit(page.another_user(login="ada"), "A", "of Ada")


@covers("CACHE-21")
def test_by_user_a_result_is_used_for_no_other_user(open_page: OpenPage) -> None:
    page = by_word(open_page, "user", login="ada")
    run(page, "A", "of Ada")
    other = page.another_user(login="bob")
    run(other, "A", "of Bob")
    stranger = page.another_user()
    run(stranger, "A", "of a stranger")


@covers("CACHE-21")
def test_by_user_without_a_login_a_result_is_used_in_its_session(open_page: OpenPage) -> None:
    page = by_word(open_page, "user")
    run(page, "A", "of one")
    hit(page.another_tab(), "A", "of one")
    run(page.another_user(), "A", "of another")


@covers("CACHE-22")
def test_a_function_can_return_what_the_request_tells_of_its_user(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(login_name()), login="ada")
    run(page, "A", "of Ada")
    run(page.another_user(login="bob"), "A", "of Bob")
    hit(page.another_user(login="ada"), "A", "of Ada")


@covers("CACHE-23")
@pytest.mark.parametrize("changed", ["version.txt", "other.txt"])
def test_the_functions_of_manager_and_decorator_both_count(
    open_page: OpenPage, changed: str
) -> None:
    job = cached(cache_by=text_of("other.txt"))
    page = open_page(CHOICE, OUT, job, managers=by(READ), files=FILES)
    run(page, "A", "first")
    hit(page.another_user(), "A", "first")
    page.change_file(changed, "2")
    run(page, "A", "second")
