"""SPEC.md, chapter 15: Pattern matching. Ids that are dictionaries, without a wildcard, wherever an id may stand."""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs, only
from callback_conformance.scenario import (
    Button,
    Component,
    Field,
    ProgressBar,
    Text,
    background,
    give,
    report,
    wait_at,
)

#: Two of each: what happens to the first must not happen to the second.
FAMILIES: list[Component] = [
    component
    for n in (1, 2)
    for component in (
        Button(f"run[{n}]"),
        Button(f"stop[{n}]"),
        Field(f"name[{n}]", f"name {n}"),
        Text(f"out[{n}]", "before"),
        Text(f"note[{n}]", "idle"),
        ProgressBar(f"bar[{n}]"),
    )
]


def page_of_families(open_page: OpenPage, **more: Any) -> Page:
    """A page whose callback has a dictionary as an id only where ``more`` says so."""
    options: dict[str, Any] = {
        "output": "out.children",
        "inputs": "run.n_clicks",
        "job": wait_at("gate") >> give("done"),
        **more,
    }
    return open_page(Button("run"), Text("out", "before"), *FAMILIES, background(**options))


@covers("RESULT-1")
@only("background", "long_callback", "labs")  # Taipy has no such ids
def test_a_result_is_shown_by_an_output_whose_id_is_a_dictionary(open_page: OpenPage) -> None:
    page = page_of_families(open_page, output="out[1].children")
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out[1].children", "done")
    assert page.get("out[2].children") == "before"


@covers("BG-10")
@only("background", "long_callback", "labs")  # Taipy has no such ids
def test_a_job_receives_the_value_of_an_input_whose_id_is_a_dictionary(
    open_page: OpenPage,
) -> None:
    page = page_of_families(open_page, inputs="name[1].value")
    page.set("name[1].value", "changed")
    assert list(page.next_job().arguments.values()) == ["changed"]


@covers("BG-10")
@only("background", "long_callback")
def test_a_job_receives_the_value_of_a_state_whose_id_is_a_dictionary(open_page: OpenPage) -> None:
    page = page_of_families(open_page, state="name[1].value")
    page.set("name[1].value", "changed")
    page.click("run")
    assert list(page.next_job().arguments.values()) == [1, "changed"]


RUNNING = [("note[1].children", "busy", "over")]


@covers("RUN-1")
def test_the_on_value_is_held_by_a_property_whose_id_is_a_dictionary(open_page: OpenPage) -> None:
    page = page_of_families(open_page, running=RUNNING)
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("note[1].children", "busy")
    assert page.get("note[2].children") == "idle"


@covers("RUN-2")
def test_the_off_value_is_held_by_a_property_whose_id_is_a_dictionary(open_page: OpenPage) -> None:
    page = page_of_families(open_page, running=RUNNING)
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("note[1].children", "over")
    assert page.get("note[2].children") == "idle"


PROGRESS: dict[str, Any] = {
    "progress": ["bar[1].value", "bar[1].max"],
    "job": report(("1", "5")) >> wait_at("gate") >> give("done"),
}


@covers("PROG-2")
@needs(Feature.TWO_COUNTS)
def test_progress_is_shown_by_properties_whose_ids_are_dictionaries(open_page: OpenPage) -> None:
    page = page_of_families(open_page, **PROGRESS)
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("bar[1].value", "1")
    page.expect_value("bar[1].max", "5")
    assert page.get("bar[2].value") is None


@covers("PROG-13")
def test_the_progress_default_is_held_by_properties_whose_ids_are_dictionaries(
    open_page: OpenPage,
) -> None:
    page = page_of_families(open_page, **PROGRESS, progress_default=["0", "10"])
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("bar[1].value", "0")
    page.expect_value("bar[1].max", "10")


@covers("CANCEL-1")
def test_a_cancel_input_whose_id_is_a_dictionary_stops_the_job(open_page: OpenPage) -> None:
    page = page_of_families(open_page, cancel="stop[1].n_clicks")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("stop[1]")
    job.wait_for_end()


@covers("CANCEL-9")
def test_a_button_whose_id_differs_in_one_key_does_not_cancel(open_page: OpenPage) -> None:
    page = page_of_families(open_page, cancel="stop[1].n_clicks")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("stop[2]")
    job.release("gate")
    page.expect_value("out.children", "done")
