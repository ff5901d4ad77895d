"""SPEC.md, chapter 8: Caching. What results are cached by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import Capability, Feature, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import (
    Button,
    CacheBy,
    Field,
    Gunicorn,
    Manager,
    Text,
    give,
    launch_id,
    login_name,
    modification_date_of,
    modification_time_of,
    ordinary,
    text_of,
    wait_at,
)

from .cached import (
    CHOICE,
    OUT,
    PLAIN,
    VALUE,
    VERSION,
    by,
    cached,
    cached_in,
    clicked,
    hit,
    run,
    runs,
)

FILES = {"version.txt": "1", "other.txt": "1"}
READ = text_of("version.txt")


@covers("CACHE-6")
@pytest.mark.parametrize("place", ["manager", "decorator"])
def test_another_value_of_the_function_executes_a_job(open_page: OpenPage, place: str) -> None:
    page = cached_in(open_page, place, READ, files=FILES)
    run(page, "A", "first")
    page.server.change_file("version.txt", "2")
    run(page, "A", "second")


@covers("CACHE-6")
@pytest.mark.parametrize("changed", ["version.txt", "other.txt"])
def test_another_value_of_one_of_several_functions_executes_a_job(
    open_page: OpenPage, changed: str
) -> None:
    functions = (READ, VERSION, text_of("other.txt"))
    page = open_page(CHOICE, OUT, cached(), managers=by(*functions), files=FILES)
    run(page, "A", "first")
    page.server.change_file(changed, "2")
    run(page, "A", "second")


@covers("CACHE-6")
def test_two_functions_that_exchange_their_values_make_another_key(open_page: OpenPage) -> None:
    files = {"version.txt": "1", "other.txt": "2"}
    functions = (READ, text_of("other.txt"))
    page = open_page(CHOICE, OUT, cached(), managers=by(*functions), files=files)
    run(page, "A", "first")
    page.server.change_file("version.txt", "2")
    page.server.change_file("other.txt", "1")
    run(page, "A", "second")


@covers("CACHE-6")
@pytest.mark.parametrize(
    "function", [modification_time_of, modification_date_of], ids=["number", "object"]
)
def test_a_dataset_that_was_modified_executes_a_job(
    open_page: OpenPage, function: Callable[[str], CacheBy]
) -> None:
    files = {"data.csv": "1, 2"}
    page = open_page(CHOICE, OUT, cached(), managers=by(function("data.csv")), files=files)
    run(page, "A", "first")
    page.server.change_file("data.csv", "1, 2")
    run(page, "A", "second")


@covers("CACHE-7")
def test_the_functions_are_called_at_each_trigger(open_page: OpenPage) -> None:
    functions = (VERSION.hitting("first_function"), VERSION.hitting("second_function"))
    page = open_page(CHOICE, OUT, cached(), managers=by(*functions))
    for value, word in (("A", "a"), ("B", "b")):
        before = calls(page)
        run(page, value, word)
        each_was_called_since(page, before)
    before = calls(page)
    page.set("choice.value", "A")
    page.network.wait_for_answer()
    each_was_called_since(page, before)


def calls(page: Page) -> list[int]:
    """How often each of the two functions has been called."""
    points = [event.facts.get("point") for event in page.events.named("passes")]
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
    job = page.next_job().wait_for_gate("gate")
    page.server.change_file("version.txt", "2")
    page.fence()
    job.release("gate", "of version 1")
    page.expect_value("out.children", "of version 1")
    run(page, "A", "of version 2")
    page.server.change_file("version.txt", "1")
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
@needs(Capability.SHARED_RESULTS)
@covers("CACHE-10")
def test_a_result_is_used_by_another_server_process(open_page: OpenPage) -> None:
    block = ordinary(
        output="echo.children", inputs="ping.n_clicks", job=wait_at("blocked") >> give("answered")
    )
    parts = (CHOICE, OUT, Button("ping"), Text("echo"), cached(), block)
    page = open_page(*parts, managers=by(), server=Gunicorn(workers=2))
    first, second, other = (page.another_user() for _ in range(3))
    # One worker is kept busy, so the other serves the run; then that one is kept busy instead.
    blocked = page.server.hold("blocked")
    first_ping = first.network.in_flight(lambda: first.click("ping"))
    blocked.wait_for_hits(1)
    run(page, "A", "a")
    second_ping = second.network.in_flight(lambda: second.click("ping"))
    blocked.wait_for_hits(2)
    blocked.release_first()
    hit(other, "A", "a")
    blocked.release()
    first_ping.join()
    second_ping.join()


@needs(Capability.SHARED_RESULTS)
@covers("CACHE-11")
def test_a_result_is_used_after_the_server_was_restarted(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by())
    run(page, "A", "a")
    page.server.restart()
    page.reload()
    hit(page, "A", "a")


@needs(Capability.SHARED_RESULTS)
@covers("CACHE-11")
def test_a_result_is_used_after_the_same_version_was_deployed_again(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(READ), files={"version.txt": "63d1a2f"})
    run(page, "A", "of one version")
    page.server.restart()
    page.server.change_file("version.txt", "63d1a2f")
    page.reload()
    hit(page, "A", "of one version")


@covers("CACHE-6")
def test_a_result_is_not_used_after_another_version_was_deployed(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(READ), files={"version.txt": "63d1a2f"})
    run(page, "A", "of one version")
    page.server.restart()
    page.server.change_file("version.txt", "9c00e41")
    page.reload()
    run(page, "A", "of the next version")


@covers("CACHE-12")
def test_a_result_is_not_used_after_a_restart_that_makes_a_new_id(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(launch_id()))
    run(page, "A", "first")
    page.server.restart()
    page.reload()
    run(page, "A", "second")


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
    clicked(page, "first")


@covers("CACHE-28")
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


@covers("CACHE-26")
def test_by_session_a_result_is_used_in_no_other_browser(open_page: OpenPage) -> None:
    page = by_word(open_page, "session")
    run(page, "A", "mine")
    other = page.another_user()
    run(other, "A", "theirs")


def by_word(open_page: OpenPage, word: str, **more: Any) -> Page:
    """The page of a program whose manager caches by ``word``."""
    return open_page(CHOICE, OUT, cached(), managers=(Manager("manager", cache_by=word),), **more)


@covers("CACHE-21")
def test_by_user_a_result_is_used_wherever_its_user_is_logged_in(open_page: OpenPage) -> None:
    page = by_word(open_page, "user", login="ada")
    run(page, "A", "of Ada")
    hit(page.another_user(login="ada"), "A", "of Ada")


@covers("CACHE-27")
def test_by_user_a_result_is_used_for_no_other_user(open_page: OpenPage) -> None:
    page = by_word(open_page, "user", login="ada")
    run(page, "A", "of Ada")
    other = page.another_user(login="bob")
    run(other, "A", "of Bob")
    stranger = page.another_user()
    run(stranger, "A", "of a stranger")


@covers("CACHE-24")
def test_by_user_without_a_login_a_result_is_used_for_no_other_user(open_page: OpenPage) -> None:
    page = by_word(open_page, "user")
    run(page, "A", "of one")
    run(page.another_user(), "A", "of another")


@covers("CACHE-22")
def test_a_function_can_return_what_the_request_tells_of_its_user(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(login_name()), login="ada")
    run(page, "A", "of Ada")
    run(page.another_user(login="bob"), "A", "of Bob")


@covers("CACHE-23")
@pytest.mark.parametrize("changed", ["version.txt", "other.txt"])
def test_the_functions_of_manager_and_decorator_both_count(
    open_page: OpenPage, changed: str
) -> None:
    job = cached(cache_by=text_of("other.txt"))
    page = open_page(CHOICE, OUT, job, managers=by(READ), files=FILES)
    run(page, "A", "first")
    page.server.change_file(changed, "2")
    run(page, "A", "second")


def of_two_fields(open_page: OpenPage, ignores: bool) -> Page:
    """A page whose callback has two inputs. A result was made for a change of the first."""
    options = {} if ignores else {"cache_ignore_triggered": False}
    inputs = ["choice.value", "other.value"]
    page = open_page(
        CHOICE, Field("other"), OUT, cached(inputs=inputs, options=options), managers=by()
    )
    run(page, "A", "first")
    return page


@covers("CACHE-2")
def test_what_has_triggered_is_no_part_of_the_key(open_page: OpenPage) -> None:
    hit(of_two_fields(open_page, ignores=True), "", "first", "other.value")


@covers("CACHE-29")
@needs(Feature.CACHE_IGNORE_TRIGGERED)
def test_an_entry_of_another_trigger_is_not_used_if_the_trigger_counts(
    open_page: OpenPage,
) -> None:
    page = of_two_fields(open_page, ignores=False)
    run(page, "", "second", "other.value")
