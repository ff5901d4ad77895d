"""What a run leaves of its failing tests, and how their timelines are drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callback_conformance.control.timeline import Timeline
from callback_conformance.report.drawing import MIDDLE, draw
from callback_conformance.results.failure import TIMES, Failure, SeenEvent, fold
from callback_conformance.results.json_file import JsonValue
from callback_conformance.results.report_file import read_run_report
from callback_conformance.session.recorder import FACT_CHARACTERS, record
from callback_conformance.session.session import AppSession
from tests.reports import EVENTS, EVIL, MESSAGE
from tests.tiny import ERROR, KNOWN, Tiny, three

pytest_plugins = ["pytester"]

FAILS = "page = opened(open_page); page.click('run'); page.next_job().release('gate'); page.expect_value('out.children', 'other')"


# What is recorded.


def failures(tiny: Tiny, *options: str) -> Mapping[str, Failure]:
    """What a run has left of its failing tests."""
    tiny.apart("--report", "out", *options)
    [cell] = read_run_report(tiny.folder / "out" / "report.json").cells
    return cell.failures


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_failing_test_leaves_all_that_its_page_needs(
    tiny: Tiny, workers: tuple[str, ...]
) -> None:
    tiny.write(three(first=FAILS, second=ERROR, fourth="opened(open_page)"))
    by_test = failures(tiny, *workers)
    assert set(by_test) == {"test_first", "test_second"}
    first = by_test["test_first"]
    assert first.message == "out.children is 'done' on page-1; expected 'other'"
    assert {(event.source, event.what) for event in first.events} >= {
        ("page-1", "opens"), ("page-1", "acts"), ("job-1", "starts"), ("job-1", "reaches"),
    }  # fmt: skip
    [program] = first.programs
    assert "probe.gate(" in program.source
    assert first.command.startswith(f"pytest '{first.test}' --impl=tests.scripted")
    assert "test_tiny.py" in first.trace
    assert "ZeroDivisionError" in by_test["test_second"].trace


def test_a_known_failure_leaves_as_much(tiny: Tiny) -> None:
    tiny.write(three(first=FAILS))
    tiny.knows({**KNOWN, "seen": "out.children is 'done'"})
    assert len(failures(tiny)["test_first"].events) > 4


def test_a_run_tells_how_its_pages_are_made(tiny: Tiny) -> None:
    tiny.write(three())
    printed = " ".join(tiny.run("--report", "out").outlines)
    assert "Pages of this run: callback-conformance report out." in printed


def test_junits_file_does_not_repeat_what_the_report_holds(tiny: Tiny) -> None:
    tiny.write(three(first=FAILS))
    failures(tiny)
    assert "probe.gate(" not in (tiny.folder / "out" / "junit.xml").read_text(encoding="utf-8")


def event(source: str, what: str = "passes", **facts: JsonValue) -> SeenEvent:
    """An event at the beginning of a test."""
    return SeenEvent(0.0, source, what, facts)


def test_what_goes_in_circles_is_told_once() -> None:
    circle = [event("page-1", "asks"), event("server-1"), event("page-1", "hears")]
    folded = list(fold([event("page-1", "acts"), *circle * 300, event("job-1", "ends")]))
    assert [each.what for each in folded] == [
        "acts", "asks", "passes", "hears", "repeats", "asks", "passes", "hears", "ends",
    ]  # fmt: skip
    assert folded[4].facts == {"events": 3, "times": 298}


def test_the_count_of_a_timer_makes_no_circle_another() -> None:
    shown = event("page-1", "shows")
    ticks = [replace(shown, facts={"value": n, "source": "timer"}) for n in range(50)]
    folded = list(fold([part for tick in ticks for part in (tick, event("page-1", "asks"))]))
    assert [each.what for each in folded] == ["shows", "asks", "repeats", "shows", "asks"]


@given(st.lists(st.sampled_from("ab"), max_size=60))
def test_nothing_is_lost_by_folding(names: list[str]) -> None:
    folded = list(fold([event(name) for name in names]))
    unfolded: list[str] = []
    for each in folded:
        if each.what == "repeats":
            length, times = each.facts["events"], each.facts["times"]
            assert isinstance(length, int)
            assert isinstance(times, int)
            unfolded += unfolded[-length:] * times
        else:
            unfolded.append(each.source)
    assert unfolded == names
    assert len(folded) <= max(len(names), 1)


def recorded(**facts: object) -> Mapping[str, JsonValue]:
    """The facts of one event, as they are recorded."""
    session = AppSession.__new__(AppSession)
    session.timeline, session.apps = Timeline(), []
    session.timeline.add("page-1", "shows", **facts)
    failure = record("t", "", "", "", session)
    json.dumps(asdict(failure), allow_nan=False).encode()
    return failure.events[0].facts


def test_a_fact_is_recorded_as_json_has_it() -> None:
    assert recorded(value=[1, {"a": None}], other="ü") == {"value": [1, {"a": None}], "other": "ü"}


def test_a_fact_that_json_lacks_is_recorded_by_its_name() -> None:
    assert recorded(value={1, 2})["value"] == "{1, 2}"
    assert recorded(value=float("nan"))["value"] == "nan"
    assert recorded(value="\ud800")["value"] == "?"


def test_a_long_fact_is_cut() -> None:
    assert recorded(value="x" * 9999)["value"] == "x" * FACT_CHARACTERS + " …"
    assert len(recorded(value=list(range(9999)))["value"]) == FACT_CHARACTERS + 2


def test_folding_begins_at_a_number_that_saves_something() -> None:
    assert len(list(fold([event("a")] * (TIMES - 1)))) == TIMES - 1
    assert len(list(fold([event("a")] * TIMES))) <= TIMES


# How it is drawn.


def test_pages_stand_left_of_the_server_and_jobs_right_of_it() -> None:
    other = [
        *EVENTS,
        event("page-2", "opens", url=""),
        event("job-7", "ends"),
        event("job-2", "ends"),
    ]
    lanes = draw(other, "").lanes
    assert [lane.name for lane in lanes] == [
        "page-1",
        "page-2",
        "server",
        "job-1",
        "job-2",
        "job-7",
    ]
    assert [lane.label for lane in lanes] == ["P1", "P2", "S", "J1", "J2", "J7"]


def test_few_lanes_have_their_whole_names() -> None:
    assert [lane.label for lane in draw(EVENTS, "").lanes] == ["page-1", "server", "job-1"]


def test_what_a_user_typed_is_not_drawn_twice() -> None:
    words = [row.words for row in draw(EVENTS, "").rows]
    assert words[:4] == ["is opened", "the user clicks run", "asks for out.children", "job starts"]


def test_a_job_is_drawn_from_its_start_to_its_end() -> None:
    picture = draw(EVENTS, "")
    [x] = [lane.x for lane in picture.lanes if lane.kind == "job"]
    bars = [[bar[1:] for bar in row.bars if bar[0] == x] for row in picture.rows]
    assert bars == [
        [], [], [], [("runs", MIDDLE, 0)], [("runs", 0, 0)], [("runs", 0, MIDDLE), ("waits", MIDDLE, 0)],
        [("waits", 0, 0)], [("waits", 0, MIDDLE)], [], [],
    ]  # fmt: skip


def test_the_server_is_busy_while_it_has_a_request() -> None:
    picture = draw(EVENTS[:6], "")
    [x] = [lane.x for lane in picture.lanes if lane.kind == "server"]
    kinds = [[bar[1] for bar in row.bars if bar[0] == x] for row in picture.rows]
    assert kinds == [["thin"], ["thin"], ["thin", "busy"], ["busy"], ["busy", "thin"]]


def test_what_the_failure_speaks_of_is_marked() -> None:
    assert [row.words for row in draw(EVENTS, MESSAGE).rows if row.is_subject] == [
        f"out.children = {json.dumps(EVIL)}"
    ]


def test_many_jobs_share_the_last_lane_and_keep_their_names() -> None:
    picture = draw([event(f"job-{n}", "ends") for n in range(1, 31)], "")
    assert [lane.name for lane in picture.lanes][-2:] == ["job-7", "job-8+"]
    assert picture.rows[-1].lane == "job-30"


def test_a_word_of_an_app_gets_no_style_of_the_page() -> None:
    kinds = [row.kind for row in draw([event("job-1", "status"), event("job-1", "ends")], "").rows]
    assert kinds == ["", "ends"]


def test_a_click_is_told_as_one_whatever_the_page_calls_it() -> None:
    acts = [("run.n_clicks", 1), ("run", "clicks"), ("run", "clicks, and it is disabled")]
    events = [event("page-1", "acts", prop=prop, value=value) for prop, value in acts]
    assert {row.words for row in draw(events, "").rows} == {"the user clicks run"}


def test_a_page_without_requests_has_no_server_beside_it() -> None:
    events = [
        event("page-1", "acts", prop="b.x", value=1),
        event("page-1", "notifies", kind="info", message="m"),
    ]
    assert [lane.name for lane in draw(events, "").lanes] == ["page-1"]


@given(
    st.lists(
        st.builds(
            event,
            st.sampled_from(["page-1", "job-1", "server-9", "other", ""]),
            st.sampled_from(["asks", "hears", "loses", "acts", "shows", "starts", "ends", "repeats", "fails", "x"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_an_event_of_an_app_with_the_name_of_another_is_drawn_too(
    events: list[SeenEvent],
) -> None:
    rows = draw([each for each in events if each.source or each.what == "repeats"], "").rows
    assert all(row.words for row in rows)
