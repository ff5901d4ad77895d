"""SPEC.md, chapter 18: Sessions and isolation. What others do meanwhile, or have left behind."""

from __future__ import annotations

from collections.abc import Callable

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers, only, wire_only
from callback_conformance.scenario import (
    SUCCESS,
    Button,
    Field,
    Text,
    arg,
    assign,
    background,
    give,
    invoke,
    notify,
    status,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")
RETURNS_WORD = wait_at("gate") >> give(arg("word"))
TELLING = status(
    "state",
    "status",
    "result",
    does=[
        notify("success", "{result}", SUCCESS),
        assign("out.children", arg("result"), SUCCESS),
    ],
)


#: What the other user does between a click and its notification.
OTHER_ACTS: dict[str, Callable[[Page], object]] = {
    "clicks": lambda other: other.click("run"),
    "types": lambda other: other.set("name.value", other.user),
    "reloads": lambda other: other.reload(),
    "opens a second page": lambda other: other.another_tab(),
}


@covers("ISO-7")
def test_a_notification_reaches_its_own_user_whatever_the_other_does_first(
    open_page: OpenPage,
) -> None:
    page = open_page(
        RUN, OUT, Field("name"), invoke(trigger="run", job=RETURNS_WORD, status=TELLING)
    )
    other = page.another_user()
    for name, act in OTHER_ACTS.items():
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        act(other)
        if name == "clicks":
            other.next_job().release("gate", other.user)
            other.expect_notification("success", other.user)
        job.release("gate", f"{page.user} {name}")
        page.expect_notification("success", f"{page.user} {name}")
        other.fence()
        words = [notification.message for notification in other.notifications]
        assert set(words) <= {other.user}, f"notifications that the other user saw: {words}"


@covers("ISO-4")
def test_a_result_that_no_page_waited_for_reaches_no_other_user(open_page: OpenPage) -> None:
    shows_word = background(output="out.children", inputs="run.n_clicks", job=RETURNS_WORD)
    page = open_page(RUN, OUT, shows_word)
    other = page.another_user()
    page.click("run")
    abandoned = page.next_job().wait_for_gate("gate")
    page.reload()
    abandoned.release_if_alive("gate", page.user).wait_for_end()
    other.click("run")
    other.expect_never("out.children", page.user)
    other.next_job().release("gate", other.user)
    other.expect_value("out.children", other.user)


@wire_only
@only("taipy")
@covers("ISO-4")
def test_a_result_for_a_user_who_is_not_connected_yet_reaches_no_other(
    open_page: OpenPage,
) -> None:
    page = open_page(
        RUN, OUT, invoke(trigger="run", job=RETURNS_WORD, status=TELLING, initial=True)
    )
    page.next_job().release("gate", page.user)
    page.expect_value("out.children", page.user)
    page.network.load_unconnected()
    page.next_job().release("gate", "unconnected").wait_for_end()
    page.expect_never("out.children", "unconnected")
