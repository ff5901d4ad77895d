"""SPEC.md, chapter 13: Updates from inside a job. Patches: of a result, in ``running``, by ``set_props``."""

from __future__ import annotations

from typing import Any

from callback_conformance.plugin import Feature, OpenPage, covers, needs
from callback_conformance.scenario import (
    Button,
    Store,
    Text,
    appended,
    arg,
    background,
    give,
    set_props,
    wait_at,
)

RUN, OUT, LOG = Button("run"), Text("out", "before"), Store("log", ["first"])
WAITING = wait_at("gate") >> give("done")


def logged(**more: Any) -> Any:
    """The callback of ``run``, whose run changes the list in ``log``."""
    options = {"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    return background(**options)


@covers("UPDATE-18")
@needs(Feature.PATCH)
def test_a_patch_as_result_changes_what_the_output_holds(open_page: OpenPage) -> None:
    job = wait_at("gate") >> give([appended(arg("word")), "done"])
    page = open_page(RUN, OUT, LOG, logged(output=["log.data", "out.children"], job=job))
    for word, held in (("a", ["first", "a"]), ("b", ["first", "a", "b"])):
        page.click("run")
        page.next_job().release("gate", word)
        page.expect_value("log.data", held)
    page.expect_value("out.children", "done")


@covers("UPDATE-19")
@needs(Feature.PATCH_BESIDE_OUTPUTS)
def test_a_patch_in_running_changes_what_the_property_holds(open_page: OpenPage) -> None:
    running = [("log.data", appended("on"), appended("off"))]
    page = open_page(RUN, OUT, LOG, logged(running=running))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("log.data", ["first", "on"])
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("log.data", ["first", "on", "off"])


@covers("UPDATE-20")
@needs(Feature.PATCH_BESIDE_OUTPUTS, Feature.SET_PROPS)
def test_a_patch_by_set_props_changes_what_the_property_holds(open_page: OpenPage) -> None:
    steps = set_props("log.data", appended("half")) >> wait_at("set") >> WAITING
    page = open_page(RUN, OUT, LOG, logged(job=steps))
    page.click("run")
    job = page.next_job().wait_for_gate("set")
    page.expect_value("log.data", ["first", "half"])
    job.release("set").release("gate")
    page.expect_value("out.children", "done")
    page.expect_unchanged("log.data", ["first", "half"])


@covers("UPDATE-20")
@needs(Feature.PATCH_BESIDE_OUTPUTS, Feature.SET_PROPS)
def test_several_patches_between_two_polls_change_it_one_after_the_other(
    open_page: OpenPage,
) -> None:
    steps = set_props("log.data", appended("a")) >> set_props("log.data", appended("b"))
    page = open_page(RUN, OUT, LOG, logged(job=steps >> WAITING))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("log.data", ["first", "a", "b"])


@covers("UPDATE-20")
@needs(Feature.PATCH_BESIDE_OUTPUTS, Feature.SET_PROPS)
def test_a_patch_changes_the_value_that_was_set_before_it(open_page: OpenPage) -> None:
    steps = set_props("log.data", ["new"]) >> set_props("log.data", appended("b"))
    page = open_page(RUN, OUT, LOG, logged(job=steps >> WAITING))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("log.data", ["new", "b"])
