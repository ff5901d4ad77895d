"""SPEC.md, chapter 21: Security. Pages to which their server pushes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from callback_conformance.page import Page, RawRequest, Stranger
from callback_conformance.plugin import OpenPage, covers, only, wire_only
from callback_conformance.scenario import (
    SUCCESS,
    Button,
    Field,
    Text,
    arg,
    assign,
    give,
    invoke,
    notify,
    status,
    wait_at,
)

pytestmark = wire_only  # a stranger speaks to the server without a browser

#: Tells the result in each way that there is.
TELLING = status(
    "state",
    "status",
    "result",
    does=[
        notify("success", "{result}", SUCCESS),
        assign("shown.children", arg("result"), SUCCESS),
    ],
)


def opened(open_page: OpenPage, *more: Any, **options: Any) -> Page:
    """A page with a field, and a button that starts a job whose argument is what the user has typed."""
    work = invoke(
        trigger="run",
        name="work",
        arguments=("typed.value",),
        job=wait_at("gate") >> give(arg("word")),
        status=TELLING,
        **options,
    )
    return open_page(Field("typed", ""), Button("run"), Text("shown", "before"), work, *more)


def shows_a_result(page: Page, typed: str) -> None:
    """The user types, runs the job, and is shown its result."""
    page.set("typed.value", typed)
    page.click("run")
    job = page.next_job()
    assert job.arguments == {"typed": typed}, "the arguments of the job that was started"
    job.release("gate", page.user).wait_for_end()
    page.expect_value("shown.children", page.user)


def sent(stranger: Stranger, word: str) -> RawRequest:
    """What the overheard page has sent with this word in it."""
    requests = [exchange.request for exchange in stranger.exchanges]
    return next(request for request in requests if word.encode() in request.body)


def with_word(request: RawRequest, word: str, other: str) -> RawRequest:
    """The request with another word in each place of this one."""
    return replace(request, body=request.body.replace(word.encode(), other.encode()))


def looks(stranger: Stranger) -> None:
    """Look at the page, whatever the user does there."""
    stranger.page.fence()


def types(stranger: Stranger) -> None:
    """Type into the field."""
    stranger.page.set("typed.value", "a stranger's")


@covers("SEC-23")
@pytest.mark.parametrize("act", [looks, types])
def test_a_stranger_is_not_sent_what_another_user_is(
    open_page: OpenPage, act: Callable[[Stranger], None]
) -> None:
    page = opened(open_page)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    act(stranger)
    job.release("gate", page.user).wait_for_end()
    page.expect_value("shown.children", page.user)
    stranger.page.fence()
    stranger.expect_nothing_of(page)


@covers("SEC-24")
def test_a_stranger_does_not_change_what_another_user_has_typed(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_a_result(page, "typed")
    stranger = page.stranger()
    stranger.page.set("typed.value", "a stranger's")
    page.expect_unchanged("typed.value", "typed")
    page.click("run")
    assert page.next_job().arguments == {"typed": "typed"}, "the arguments of the job"


def never_given(handle: str) -> str:
    """A handle of the same form that no page was given."""
    return f"{'1' if handle[0] != '1' else '2'}{handle[1:]}"


@covers("SEC-25")
@pytest.mark.parametrize("handle", [never_given, "made-up".format], ids=["altered", "made-up"])
def test_a_handle_that_was_never_given_begins_no_session(
    open_page: OpenPage, handle: Callable[[str], str]
) -> None:
    page = opened(open_page, initial=True)
    page.next_job().release("gate", page.user)
    page.expect_value("shown.children", page.user)
    stranger = page.stranger()
    stranger.page.next_job().wait_for_gate("gate")
    [given] = stranger.handles
    page.network.load_unconnected(handle(given))
    page.expect_no_job()


@covers("SEC-26")
def test_a_message_calls_no_function_that_no_element_names(open_page: OpenPage) -> None:
    other = invoke(trigger="again", name="other", job=give("done"))
    page = opened(open_page, Button("again"), other)
    shows_a_result(page, "typed")
    page.expect_notification("success", page.user)
    stranger = page.stranger()
    stranger.send(with_word(sent(stranger, "on_work"), "on_work", "work_status"))
    for user in (page, stranger.page):
        user.fence()
    shown = [
        notification.message for notification in (*page.notifications, *stranger.page.notifications)
    ]
    assert shown == [page.user], "the notifications of both pages"


@covers("SEC-27")
def test_a_message_changes_no_variable_that_no_input_shows(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_a_result(page, "my-words")
    stranger = page.stranger()
    typing = sent(stranger, "my-words")
    stranger.send(with_word(typing, "typed", "shown"))
    page.expect_unchanged("shown.children", page.user)
    stranger.page.expect_unchanged("shown.children", "before")
    stranger.page.reload()
    stranger.page.expect_unchanged("shown.children", "before")


@covers("SEC-28")
def test_two_users_are_given_different_handles(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_a_result(page, "typed")
    first, second = page.stranger(), page.another_user().stranger()
    handles = [*first.handles, *second.handles]
    assert len(set(handles)) == 2, f"handles of two users: {handles}"


#: What a browser says of a request that a page of another origin makes without asking.
FROM_ANOTHER_ORIGIN = {"Origin": "http://other.example", "Sec-Fetch-Site": "cross-site"}


def unreadable(body: bytes) -> list[bytes]:
    """What no page sends, made of a message that one has sent."""
    form = [b"", b"null", b"1", b"[]", b"{}", body[:-1], body + body, body.replace(b"{", b"{\0", 1)]
    return [
        *form,
        b"\xff" + body,
        b"[" * 100_000,
        b'{"type": 1, "action": 1, "id": [], "payload": 1}',
    ]


@only("taipy")
@covers("SEC-15")
def test_a_page_is_served_after_messages_that_cannot_be_read(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_a_result(page, "typed")
    stranger = page.stranger()
    click = sent(stranger, '"run"')
    for body in unreadable(click.body):
        stranger.send(replace(click, body=body))
    shows_a_result(page, "typed again")


@only("taipy")
@covers("SEC-18")
def test_a_message_of_a_page_of_another_origin_starts_no_job(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_a_result(page, "typed")
    stranger = page.stranger()
    click = sent(stranger, '"run"')
    headers = {**click.headers, **FROM_ANOTHER_ORIGIN, "Content-Type": "text/plain"}
    stranger.send(replace(click, headers=headers))
    page.expect_no_job()
    shows_a_result(page, "typed again")


@only("taipy")
@covers("SEC-19")
def test_no_answer_to_a_page_lets_another_origin_read_it(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_a_result(page, "typed")
    stranger = page.stranger()
    loads = [exchange.request for exchange in stranger.exchanges]
    for load in loads:
        if load.method == "GET":
            stranger.send(replace(load, headers=FROM_ANOTHER_ORIGIN))
    name = "access-control-allow-origin"
    readers = [answer.headers[name] for answer in stranger.answers if name in answer.headers]
    assert readers == [], "the origins that may read answers"
