"""SPEC.md, chapter 21: Security. In the Dash dialects, requests that no page sends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page, RawAnswer, RawRequest, Stranger
from callback_conformance.plugin import OpenPage, covers, only, wire_only
from callback_conformance.plugin.strategies import for_each

from .strangers import cancels, opened, polls, triggers, unsent, with_body

pytestmark = wire_only  # a stranger speaks to the server without a browser
ANSWERED = only(
    "background", "long_callback", "labs"
)  # those of Taipy are in the module of pushed pages

#: How deep lists are nested, and how many digits a number has, that a server may refuse.
DEEP, LONG = 100_000, 5_000
#: What a browser says of a request that a page of another origin makes.
FROM_ANOTHER_ORIGIN = {"Origin": "http://other.example", "Sec-Fetch-Site": "cross-site"}


def shows_its_result(page: Page) -> None:
    """The user triggers the callback, and the page shows the result."""
    triggers(page)
    job = page.next_job()
    assert page.user in job.arguments["name"], "the argument of the job that was started"
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)


def trigger_of(page: Page) -> tuple[Stranger, RawRequest]:
    """A stranger, and what they have overheard: the request by which the page has triggered its callback. Its job
    waits at the gate."""
    triggers(page)
    page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    requests = [exchange.request for exchange in stranger.exchanges]
    return stranger, next(request for request in requests if request.method == "POST")


def expect_refused(stranger: Stranger, request: RawRequest, bodies: Mapping[str, bytes]) -> None:
    """With each of these bodies, the request is answered with a status from 400 to 499."""
    answers = {name: stranger.send(replace(request, body=body)) for name, body in bodies.items()}
    wrong = {name: a.status for name, a in answers.items() if not 400 <= a.status < 500}
    if wrong:
        raise Violation(f"a request that cannot be read is answered with {wrong}")


def no_json(body: bytes) -> dict[str, bytes]:
    """Bodies that are no JSON texts."""
    return {
        "nothing": b"",
        "all but its end": body[:-1],
        "more than one": body + body,
        "a null byte": body.replace(b"{", b"{\0", 1),
        "no UTF-8": body.replace(b"out", b"\xff\xfe"),
        "a form": b"output=out.children&inputs=1",
        "two million null bytes": bytes(2_000_000),
    }


@covers("SEC-11")
def test_a_request_that_is_no_json_text_is_refused(open_page: OpenPage) -> None:
    page = opened(open_page)
    stranger, request = trigger_of(page)
    expect_refused(stranger, request, no_json(request.body))
    drawn = st.binary(min_size=1, max_size=40).filter(lambda body: body[0] not in b" \t\r\n")
    for_each(
        drawn.map(lambda body: b"{" + body + b"}"),
        lambda body: expect_refused(stranger, request, {repr(body): body}),
    )


def no_triggers(body: bytes) -> dict[str, bytes]:
    """JSON texts that have not the form of a trigger."""
    whole = json.loads(body)
    parts: dict[str, Any] = {
        "a number": 1,
        "null": None,
        "a list": [whole],
        "an empty object": {},
        "no output": {name: part for name, part in whole.items() if name != "output"},
        "an output that is a list": {**whole, "output": ["out.children"]},
        "no inputs": {name: part for name, part in whole.items() if name != "inputs"},
        "inputs that are null": {**whole, "inputs": None},
        "inputs that are numbers": {**whole, "inputs": [1 for _ in whole["inputs"]]},
    }
    texts = {name: json.dumps(part).encode() for name, part in parts.items()}
    return {**texts, "nested lists": b"[" * DEEP + b"]" * DEEP}


@covers("SEC-12")
def test_a_request_that_is_no_trigger_is_refused(open_page: OpenPage) -> None:
    page = opened(open_page)
    stranger, request = trigger_of(page)
    expect_refused(stranger, request, no_triggers(request.body))


#: Values that an input can hold as JSON texts go, or as some who read JSON let them go.
VALUES = {
    "nested lists": b"[" * DEEP + b"]" * DEEP,
    "many digits": b"9" * LONG,
    "half a surrogate pair": rb'"\ud800"',
    "a null character": rb'"\u0000"',
    "more than a float": b"1e999",
    "NaN": b"NaN",
}


def with_value(value: bytes, body: bytes) -> bytes:
    """A trigger with another value."""
    return body.replace(b'"any"', value)


@covers("SEC-13")
def test_a_trigger_with_any_value_starts_its_job_or_is_refused(open_page: OpenPage) -> None:
    page = opened(open_page)
    stranger = page.stranger()
    failed = {}
    for name, value in VALUES.items():
        stranger.rewrite(with_body(partial(with_value, value)))
        stranger.page.set("name.value", "any")
        status = stranger.answers[-1].status
        if status < 400:
            page.next_job().release("gate", "done").wait_for_end()
            polls(stranger.page)
        elif status >= 500:
            failed[name] = status
    if failed:
        raise Violation(f"a trigger with a value that JSON allows is answered with {failed}")
    shows_its_result(page)


#: What may stand where a handle belongs.
NO_HANDLES = ["1.5", "None", "~", "é", "\0", "../../etc/passwd", "9" * LONG, "x" * LONG]


def instead(text: str, handle: str) -> str:
    """The text that stands in the place of a handle."""
    return text


@covers("SEC-14")
def test_a_request_with_anything_for_a_handle_is_no_failure_of_the_server(
    open_page: OpenPage,
) -> None:
    page = opened(open_page)
    stranger, _ = trigger_of(page)
    failed = {}
    for text in NO_HANDLES:
        for act in (polls, cancels):
            stranger.take_runs(partial(instead, text))
            act(stranger.page)
            if stranger.answers[-1].status >= 500:
                failed[text[:20]] = stranger.answers[-1].status
    if failed:
        raise Violation(f"a request with this for a handle is answered with {failed}")


@ANSWERED
@covers("SEC-15")
def test_a_page_is_served_after_requests_that_cannot_be_read(open_page: OpenPage) -> None:
    page = opened(open_page)
    stranger = page.stranger()
    request = unsent(stranger)
    bodies = {**no_json(request.body), **no_triggers(request.body)}
    for body in bodies.values():
        stranger.send(replace(request, body=body))
    shows_its_result(page)


@covers("SEC-16")
def test_a_request_for_an_output_that_no_callback_has_starts_no_job(open_page: OpenPage) -> None:
    page = opened(open_page)
    stranger = page.stranger()
    request = unsent(stranger)
    with page.server.starting_no_job():
        stranger.send(
            replace(request, body=request.body.replace(b"out.children", b"none.children"))
        )
    shows_its_result(page)


@covers("SEC-17")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_by_a_method_that_only_reads_starts_no_job(
    open_page: OpenPage, method: str
) -> None:
    page = opened(open_page)
    stranger = page.stranger()
    request = unsent(stranger)
    with page.server.starting_no_job():
        stranger.send(replace(request, method=method))
    shows_its_result(page)


#: The content types that a page of another origin may send without leave (Fetch, "CORS-safelisted request-header").
SAFELISTED = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]


@ANSWERED
@covers("SEC-18")
@pytest.mark.parametrize("kind", SAFELISTED)
def test_a_page_of_another_origin_starts_no_job(open_page: OpenPage, kind: str) -> None:
    page = opened(open_page)
    stranger = page.stranger()
    request = unsent(stranger)
    headers = {**request.headers, **FROM_ANOTHER_ORIGIN, "Content-Type": kind}
    with page.server.starting_no_job():
        stranger.send(replace(request, headers=headers))
    shows_its_result(page)


def read_by_others(answers: Iterable[RawAnswer]) -> list[str]:
    """What these answers say of the origins that may read them."""
    name = "access-control-allow-origin"
    return [answer.headers[name] for answer in answers if name in answer.headers]


@ANSWERED
@covers("SEC-19")
def test_no_answer_lets_another_origin_read_it(open_page: OpenPage) -> None:
    page = opened(open_page)
    shows_its_result(page)
    stranger = page.stranger()
    trigger = unsent(stranger)
    asking = {
        **FROM_ANOTHER_ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for load in (e.request for e in stranger.exchanges if e.request.method == "GET"):
        stranger.send(replace(load, headers=FROM_ANOTHER_ORIGIN))
    stranger.send(replace(trigger, method="OPTIONS", body=b"", headers=asking))
    stranger.send(replace(trigger, headers={**trigger.headers, **FROM_ANOTHER_ORIGIN}))
    assert read_by_others(stranger.answers) == [], "the origins that may read answers"
