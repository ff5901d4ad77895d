"""What ``impl_dash_style`` answers to requests that no page sends, and to more than a page may ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from impl_dash_style import MATCH, Dash, Input, Output, State, html
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.incoming import MAX_BYTES, QUERY_HEADER
from impl_dash_style.job import JobOutcome
from impl_dash_style.run_store import RunStore
from tests.recording_manager import RecordingManager

MAX_JOBS = 3
BODY = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "run", "property": "n_clicks", "value": 1}],
    "changedPropIds": ["run.n_clicks"],
    "state": [{"id": "out", "property": "title", "value": ""}],
}
TEXT = json.dumps(BODY)


class Page:
    """A page of a program with a background callback, an ordinary one, and one for each row."""

    def __init__(self) -> None:
        self.manager = RecordingManager()
        self.app = Dash(
            "program", background_callback_manager=self.manager, max_jobs_per_page=MAX_JOBS
        )
        self.app.layout = html.Div()
        arguments = Input("run", "n_clicks"), State("out", "title")
        self.app.callback(Output("out", "children"), *arguments, background=True)(print)
        self.app.callback(Output("echo", "children"), *arguments)(lambda clicks, title: title)
        row = Output({"row": MATCH}, "children"), Input({"row": MATCH}, "n_clicks")
        self.app.callback(*row, background=True)(print)
        self.client = self.app.server.test_client()
        handle = re.search(r'"end_id": "([^"]+)"', self.client.get("/").text)
        assert handle
        self.query = {"endId": handle[1]}

    def post(self, body: str | bytes, **options: Any) -> TestResponse:
        """Send a request for a callback."""
        options = {"content_type": "application/json", "query_string": self.query, **options}
        return self.client.post("/_dash-update-component", data=body, **options)

    def row(self, number: int) -> TestResponse:
        """Trigger the callback of a row."""
        id = {"row": number}
        body = {
            "output": '{"row":MATCH}.children',
            "outputs": {"id": id, "property": "children"},
            "inputs": [{"id": id, "property": "n_clicks", "value": 1}],
            "changedPropIds": [],
        }
        body["output"] = next(name for name in self._outputs() if "row" in name)
        return self.post(json.dumps(body))

    def _outputs(self) -> list[str]:
        return [entry["output"] for entry in self.client.get("/_dash-dependencies").json or []]


@pytest.fixture(scope="module")
def page() -> Page:
    """A page that the tests of unreadable requests share: none of them may harm it."""
    return Page()


def with_state(value: str) -> str:
    return TEXT.replace('"value": ""', f'"value": {value}')


UNREADABLE = {
    "nothing": "",
    "truncated": TEXT[:-1],
    "null bytes": f"\0{TEXT}",
    "nested lists": with_state("[" * 100_000 + "]" * 100_000),
    "nested objects": with_state('{"a":' * 100_000 + "1" + "}" * 100_000),
    "deeper than a component tree": with_state("[" * 200 + "]" * 200),
    "a number of 5,000 digits": with_state("1" * 5_000),
    "NaN": with_state("NaN"),
    "an infinity": with_state("-Infinity"),
    "no UTF-8": b"\xff" + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "a list": f"[{TEXT}]",
    "half a surrogate pair as output": TEXT.replace("out.children", r"\ud800", 1),
    "half a surrogate pair as id": TEXT.replace('"id": "run"', r'"id": "\ud800"'),
    "an output that no callback has": TEXT.replace("out.children", "__proto__.children", 1),
    "a changed id that is none": TEXT.replace("run.n_clicks", "{.n_clicks"),
    "a list as id": TEXT.replace('"id": "run"', '"id": [1]'),
    "no inputs": TEXT.replace("inputs", "puts"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_request_that_cannot_be_read_is_answered_with_4xx(page: Page, kind: str) -> None:
    for output in ("out", "echo"):
        body = UNREADABLE[kind]
        if isinstance(body, str):
            body = body.replace('"out.children"', f'"{output}.children"')
            body = body.replace(
                '"id": "out", "property": "ch', f'"id": "{output}", "property": "ch'
            )
        assert page.post(body).status_code == 400


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_another_origin_may_send_is_refused(page: Page, kind: str) -> None:
    assert page.post(TEXT, content_type=kind).status_code == 415


def test_a_large_body_is_refused(page: Page) -> None:
    assert page.post(b" " * (MAX_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("order", ["1" * 4_301, "-1", "x", "\N{ARABIC-INDIC DIGIT ONE}", ""])
def test_an_order_that_is_no_number_is_refused(page: Page, order: str) -> None:
    assert page.post(TEXT, query_string={**page.query, "order": order}).status_code == 400


@pytest.mark.parametrize("handle", ["", "x", "é.é", "\ud800.x".encode("utf-8", "replace")])
def test_a_handle_that_is_none_is_refused(page: Page, handle: str) -> None:
    assert page.post(TEXT, query_string={"endId": handle}).status_code == 403


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    | st.sampled_from(["run", "out", "children", "out.children", "\ud800", "__dash_patch_update"]),
    lambda part: st.lists(part, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "property", "value", "row", "__proto__"]), part),
    max_leaves=6,
)  # fmt: skip


@given(changes=st.dictionaries(st.sampled_from(sorted(BODY)), JSON, min_size=1))
def test_no_body_is_an_error_of_the_server(page: Page, changes: Mapping[str, Any]) -> None:
    assert page.post(json.dumps({**BODY, **changes})).status_code < 500


def test_a_page_may_not_have_more_jobs_than_the_program_says() -> None:
    page = Page()
    assert [page.row(number).status_code for number in range(15)] == [200] * MAX_JOBS + [429] * 12
    assert len(page.manager.started) == MAX_JOBS
    assert "3 jobs already" in page.row(15).text
    assert page.row(0).status_code == 200, "its job replaces another"
    ended = page.manager.started[1]
    RunStore(page.manager.store).set_outcome(ended.run, JobOutcome(response="{}"))
    assert [page.row(number).status_code for number in (20, 21)] == [200, 429]


@pytest.mark.parametrize("number", [0, True, "3"])
def test_a_number_of_jobs_that_cannot_be_raises(number: Any) -> None:
    with pytest.raises(DeclarationError, match="max_jobs_per_page: expected a number from 1"):
        Dash("program", max_jobs_per_page=number)


def test_a_query_may_come_in_a_header(page: Page) -> None:
    header = {QUERY_HEADER: f"endId={page.query['endId']}&order=1"}
    assert page.post(TEXT, query_string={}, headers=header).status_code == 200
    header = {QUERY_HEADER: "endId=x"}
    assert page.post(TEXT, headers=header).status_code == 403


def test_an_answer_with_a_handle_is_not_to_be_stored(page: Page) -> None:
    answer = page.post(TEXT)
    assert "cacheKey" in (answer.json or {})
    assert answer.headers["Cache-Control"] == "no-store"
