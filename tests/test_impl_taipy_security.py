"""What a client of ``impl_taipy_style`` cannot do, however it makes its requests."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from impl_taipy_style import State, invoke_long_callback
from impl_taipy_style import client as client_module
from impl_taipy_style.client import MAX_PAGES, REPLAY_CHARACTERS, Client, TooMany
from impl_taipy_style.clients import Clients, Limits
from impl_taipy_style.page import parse_page
from impl_taipy_style.server import MAX_BODY_BYTES, create_app

PAGE = """
<|{name}|input|id=name|> <|{locked}|input|active=False|> <|{out}|>
<|Run|button|id=run|on_action=start|>
<|Off|button|id=off|on_action=start|active=False|>
<|Later|button|id=later|on_action=later|active={ready}|>
"""
HOUR = Limits(retention_seconds=3600, clients=3, jobs=2)


class Program:
    """A program, and what was called in it."""

    def __init__(self, limits: Limits = HOUR) -> None:
        self.calls: list[str] = []
        self.module: dict[str, Any] = {
            **{"name": "", "locked": "", "out": "before", "ready": False, "hidden": "before"},
            "on_init": lambda state: self.calls.append("on_init"),
            "start": lambda state: self.calls.append("start"),
            "later": lambda state: self.calls.append("later"),
            "unnamed": lambda state: self.calls.append("unnamed"),
        }
        self.app = create_app(parse_page(PAGE), self.module, "title", limits)

    def browser(self) -> FlaskClient:
        """A browser that has loaded the page."""
        browser = self.app.test_client()
        assert browser.get("/").status_code == 200
        return browser


@pytest.fixture
def program() -> Program:
    return Program()


def out_of(browser: FlaskClient) -> Any:
    """What the browser's page shows now."""
    return values(browser)["out"]


def values(browser: FlaskClient) -> Any:
    """All that the browser's page shows now."""
    answer = browser.get("/state").get_json()
    assert answer is not None
    return answer["values"]


def cookie(browser: FlaskClient) -> str:
    """The value of the browser's cookie."""
    [value] = [stored.value for stored in browser._cookies.values()]  # type: ignore[union-attr]
    return value


# Who a request comes from.


@pytest.mark.parametrize("given", ["", "made-up", "0" * 32, "0" * 32 + ".signature", "\xff"])
def test_an_id_that_the_server_did_not_give_begins_no_session(program: Program, given: str) -> None:
    browser = program.app.test_client()
    browser.set_cookie("client-80", given)
    assert browser.get("/state").status_code == 403
    assert browser.get("/events?after=0").status_code == 403
    assert browser.post("/action", json={"id": "run", "action": "start"}).status_code == 403
    assert browser.post("/change", json={"name": "name", "value": "typed"}).status_code == 403
    assert program.calls == []


def test_an_id_that_another_server_gave_begins_no_session(program: Program) -> None:
    browser = program.app.test_client()
    browser.set_cookie("client-80", cookie(Program().browser()))
    assert browser.get("/state").status_code == 403
    browser.get("/")
    assert browser.get("/state").status_code == 200, "after the page was loaded here"


def test_a_browser_keeps_its_id_and_two_browsers_have_two(program: Program) -> None:
    one, two = program.browser(), program.browser()
    before = cookie(one)
    one.get("/")
    assert cookie(one) == before != cookie(two)


def test_a_cookie_is_neither_for_scripts_nor_for_other_sites_nor_for_other_ports(
    program: Program,
) -> None:
    answer = program.app.test_client().get("/", base_url="http://localhost:5001")
    header = answer.headers["Set-Cookie"]
    assert header.startswith("client-5001=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(header.split("; "))
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_name_in_a_message_is_not_who_sends_it(program: Program) -> None:
    user, stranger = program.browser(), program.browser()
    for name in (cookie(user), cookie(user).partition(".")[0]):
        fields = {"client": name, "name": "name", "value": "a stranger's"}
        assert stranger.post("/change", json=fields).status_code == 200
        assert stranger.get("/state", query_string={"client": name}).get_json()["values"] == (
            values(stranger)
        )
    assert values(user)["name"] == ""


# What a client can do.


@pytest.mark.parametrize(
    ("element", "action", "status"),
    [
        ("run", "start", 200),
        ("run", "unnamed", 400),
        ("run", "later", 400),
        ("nothing", "start", 400),
        ("off", "start", 409),
        ("later", "later", 409),
    ],
)
def test_an_action_runs_only_if_an_active_button_calls_it(
    program: Program, element: str, action: str, status: int
) -> None:
    answer = program.browser().post("/action", json={"id": element, "action": action})
    assert answer.status_code == status
    assert program.calls == ["on_init", *(["start"] if status == 200 else [])]


def test_a_button_runs_once_its_variable_is_true(program: Program) -> None:
    program.module["ready"] = []  # true in JavaScript, which shows the button
    click = {"id": "later", "action": "later"}
    assert program.browser().post("/action", json=click).status_code == 200
    assert program.calls == ["on_init", "later"]


@pytest.mark.parametrize(
    ("name", "status"), [("name", 200), ("out", 400), ("hidden", 400), ("locked", 409)]
)
def test_a_variable_changes_only_if_an_active_input_shows_it(
    program: Program, name: str, status: int
) -> None:
    browser = program.browser()
    before = values(browser)
    answer = browser.post("/change", json={"name": name, "value": "changed"})
    assert answer.status_code == status
    assert values(browser) == {**before, **({"name": "changed"} if status == 200 else {})}


# Requests that cannot be read.


@pytest.mark.parametrize(
    "after", ["", "-1", "1.5", "1e9", "²", "٣", "9" * 5_000, "NaN", "\x00", "\xff"]
)
def test_a_position_that_cannot_be_read_is_answered_with_400(program: Program, after: str) -> None:
    browser = program.browser()
    assert browser.get("/events", query_string={"after": after}).status_code == 400
    if after.isascii() and after.isprintable() and after:
        headers = {"Last-Event-ID": after}
        assert browser.get("/events?after=0", headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\x00", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b"9" * 5_000, 400),
        (b"NaN", 400),
        (b"[]", 400),
        (b'{"name": 1, "value": "x"}', 400),
        (b'{"name": "name", "value": {"__proto__": 1}}', 400),
        (b'{"name": "\\ud800", "value": "x"}', 400),
        (b'{"name": "name", "value": "\\ud800"}', 200),
        (b" " * (MAX_BODY_BYTES + 1), 413),
    ],
    ids=itertools.count(),
)
def test_a_body_that_cannot_be_read_is_answered_with_4xx(
    program: Program, body: bytes, status: int
) -> None:
    browser, other = program.browser(), program.browser()
    kind = {"Content-Type": "application/json"}
    assert browser.post("/change", data=body, headers=kind).status_code == status
    assert browser.get("/state").status_code == 200
    assert other.post("/change", json={"name": "name", "value": "x"}).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_another_site_may_send_is_refused(program: Program, kind: str) -> None:
    browser = program.browser()
    body = json.dumps({"id": "run", "action": "start"})
    answer = browser.post("/action", data=body, headers={"Content-Type": kind})
    assert (answer.status_code, program.calls) == (415, ["on_init"])


# How much there may be.


def streams(browser: FlaskClient, count: int) -> Iterator[TestResponse]:
    """So many streams of events."""
    for _ in range(count):
        yield browser.get("/events?after=0")


def test_a_browser_that_listens_often_enough_is_refused_until_a_page_closes(
    program: Program,
) -> None:
    browser = program.browser()
    opened = list(streams(browser, MAX_PAGES))
    refused = browser.get("/events?after=0")
    assert (refused.status_code, refused.text) == (
        429,
        f"this user has {MAX_PAGES} pages open, and no more may be",
    )
    opened[0].close()  # before anything was read
    assert browser.get("/events?after=0").status_code == 200
    assert program.browser().get("/events?after=0").status_code == 200, "another user's"


def test_the_client_that_has_been_gone_for_longest_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = itertools.count()
    monkeypatch.setattr(
        client_module, "time", SimpleNamespace(monotonic=clock.__next__, time_ns=int)
    )
    clients = Clients({"on_init": lambda state: None}, (), HOUR)
    first, second, third = (clients.open(name) for name in ("first", "second", "third"))
    first.page_opened()
    clients.open("fourth")
    assert clients.open("third") is third
    assert clients.open("first") is first
    assert clients.open("second") is not second


def test_a_client_is_refused_while_all_have_a_page_open() -> None:
    clients = Clients({}, (), HOUR)
    for name in ("first", "second", "third"):
        clients.open(name).page_opened()
    with pytest.raises(TooMany, match=r"^3 users have a page open, and no more may$"):
        clients.open("fourth")
    clients.open("first").page_closed()
    clients.open("fourth")


def test_messages_are_kept_up_to_a_number_of_characters() -> None:
    client = Client({"out": ""}, {"out"}, max_jobs=1)
    before = client.number
    for _ in range(5):
        client.assign("out", "x" * (REPLAY_CHARACTERS // 3))
    client.assign("out", "last")
    kept = client.wait_after(client.number - 3, timeout=0)
    assert [len(message.text) > 100 for message in kept] == [True, True, False]
    [latest] = client.wait_after(before, timeout=0)
    assert json.loads(latest.text) == {"set": {"out": "last"}}


def test_a_client_cannot_run_more_jobs_at_once_than_the_limit() -> None:
    state, other = (State(Client({}, (), max_jobs=2)) for _ in range(2))
    gate, ended = threading.Event(), threading.Semaphore(0)

    def start(user: State) -> None:
        invoke_long_callback(user, gate.wait, [], lambda: ended.release())

    start(state)
    start(state)
    refusal = (
        r"^this user has 2 jobs running, and no more may at once; run\(max_jobs=...\) sets another"
    )
    with pytest.raises(RuntimeError, match=refusal):
        start(state)
    start(other)
    gate.set()
    for _ in range(3):
        ended.acquire()
    start(state)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ((-1, 1, 1), "state_retention_period is -1; expected seconds, 0 or more"),
        ((0, 0, 1), "max_clients is 0; expected 1 or more"),
        ((0, 1, 0), "max_jobs is 0; expected 1 or more"),
    ],
)
def test_a_limit_that_cannot_be_kept_is_refused(
    limits: tuple[float, int, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Limits(*limits)
