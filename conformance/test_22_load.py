"""SPEC.md, chapter 22: Load. A run has a tenth of what the sentences name, unless it asks for all by ``--full-load``."""

from __future__ import annotations

from callback_conformance.control.violation import Violation
from callback_conformance.plugin import Capability, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import Button, Text, background, python

from .loaded import Crowd, opened, run_one_after_another

#: After how many runs a server is compared with itself, and how much more it may use or keep after many more.
FIRST_RUNS, MORE_IN_USE, MORE_VALUES = 5, 100, 10
LENGTH, SECONDS = 10_000_000, 60
DIGITS = "0123456789"


@wire_only
@covers("LOAD-1")
def test_pages_that_trigger_at_once_each_show_their_own_result(
    open_page: OpenPage, full_load: bool
) -> None:
    page = opened(open_page)
    pages = [page, *(page.another_user() for _ in range(499 if full_load else 49))]
    crowd = Crowd(pages)
    crowd.trigger()
    if missing := crowd.without_result():
        count = f"{len(missing)} of {len(pages)} pages do not show the result of their job"
        seen = missing[0].state_of("out.children")
        raise Violation(f"{count}: {seen}{missing[0].events.last_answer()}")


@covers("LOAD-2")
def test_a_large_result_is_shown(open_page: OpenPage) -> None:
    job = python(f'return "{DIGITS}" * {LENGTH // len(DIGITS)}')
    page = open_page(
        Button("run"),
        Text("out", "before"),
        background(output="out.children", inputs="run.n_clicks", job=job),
    )
    page.click("run")
    page.next_job()
    expected = DIGITS * (LENGTH // len(DIGITS))
    page.wait_until(lambda: page.get("out.children") == expected, SECONDS)
    if page.get("out.children") != expected:
        seen = repr(page.get("out.children"))
        raise Violation(f"the page shows {seen[:40]}; expected a text of {LENGTH:,} characters")


@covers("LOAD-3")
def test_runs_leave_no_process_thread_or_descriptor(open_page: OpenPage, full_load: bool) -> None:
    page = opened(open_page)
    run_one_after_another(page, FIRST_RUNS)
    before = page.server.usage()
    most = before.plus(MORE_IN_USE)
    runs = 0
    for _ in range(20 if full_load else 1):  # a server that runs out of them ends before the last
        run_one_after_another(page, 55)
        runs += 55
        if not page.server.comes_to(lambda: page.server.usage().is_within(most)):
            raise Violation(f"{before} became {page.server.usage()} in {runs} runs")


@needs(Capability.EMPTIABLE_STORE)
@covers("LOAD-4")
def test_runs_leave_no_value_in_the_store(open_page: OpenPage, full_load: bool) -> None:
    page = opened(open_page)
    run_one_after_another(page, FIRST_RUNS)
    store = page.server.store
    before = store.lasting_values()
    runs = 995 if full_load else 15
    run_one_after_another(page, runs)
    if not page.server.comes_to(lambda: store.lasting_values() <= before + MORE_VALUES):
        left = store.lasting_values() - before
        raise Violation(f"{left} values without an expiry time are left of {runs} runs")
