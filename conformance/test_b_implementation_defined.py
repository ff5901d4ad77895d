"""SPEC.md, appendix B: implementation-defined behaviour, observed and reported without a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callback_conformance.page import Page
from callback_conformance.plugin import Capability, Observe, OpenPage, needs, observes, wire_only
from callback_conformance.scenario import (
    RUNNING,
    SUCCESS,
    Button,
    Field,
    Store,
    Text,
    Workers,
    background,
    give,
    invoke,
    notify,
    raise_error,
    report,
    status,
    wait_at,
)

from .cached import CHOICE, VERSION, by, cached

RUN, CANCEL, OUT = Button("run"), Button("cancel"), Text("out", "before")
WAITING = wait_at("gate") >> give("done")


def out(**more: Any) -> Any:
    """The callback of the button ``run``."""
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    )


@observes("an older job, when its callback is triggered again", "background")
def test_an_older_job(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, out())
    page.click("run")
    older = page.next_job().wait_for_gate("gate")
    page.click("run")
    page.next_job().wait_for_gate("gate")
    observe("stopped" if older.ended else "left to run")


@wire_only
@observes("an older job, when triggered again before the first answer", "background")
def test_an_older_job_without_an_answer(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, out())
    page.network.hold_answers()
    page.click("run")
    older = page.next_job().wait_for_gate("gate")
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.network.deliver_answers()
    observe("stopped" if older.ended else "left to run")


@observes("progress between a trigger and the first report", "background")
def test_progress_before_the_first_report(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(
        RUN, OUT, Store("kept", "layout"), out(progress="kept.data", progress_default="default")
    )
    page.set("kept.data", "earlier")
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.fence()
    held = {"earlier": "what it held before", "default": "the default"}
    observe(held.get(page.get("kept.data"), repr(page.get("kept.data"))))


@wire_only
@observes("progress that is reported right before the end", "background")
def test_the_last_progress(open_page: OpenPage, observe: Observe) -> None:
    steps = wait_at("gate") >> report("last") >> give("done")
    page = open_page(RUN, OUT, Store("kept", "layout"), out(job=steps, progress="kept.data"))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "done")
    observe("seen" if "last" in page.events.values_of("kept.data") else "not seen")


@wire_only
@observes("a cancel of a job whose result is stored and not yet fetched", "background")
def test_a_cancel_after_the_end(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, CANCEL, OUT, out(cancel="cancel.n_clicks"))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.click("cancel")
    page.settle()
    observe("the result is shown" if page.get("out.children") == "done" else "no result")


@wire_only
@observes("running after a cancel is switched off", "background")
def test_running_after_a_cancel(open_page: OpenPage, observe: Observe) -> None:
    entry = ("note.children", "busy", "over")
    page = open_page(RUN, CANCEL, OUT, Text("note"), out(cancel="cancel.n_clicks", running=[entry]))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.click("cancel")
    observe("at once" if page.get("note.children") == "over" else "with the next poll")


@observes("the job of a page that is closed", "background", "taipy")
def test_the_job_of_a_closed_page(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, out())
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.close()
    other.fence()
    observe("stopped" if job.ended else "goes on")


@needs(Capability.WORKERS)
@observes("the job of another page, behind queued ones of a page", "background")
def test_the_job_of_another_page(open_page: OpenPage, observe: Observe) -> None:
    both = out(state="name.value", duplicates=(("there.children", "go.n_clicks"),))
    parts = (RUN, Button("go"), Field("name"), OUT, Text("there"), both)
    page = open_page(*parts, workers=Workers(processes=1, concurrency=1))
    other = page.another_user()
    for each in (page, other):
        each.set("name.value", each.user)
    page.click("run")
    first = page.next_job().wait_for_gate("gate")
    page.click("go")
    other.click("run")
    first.release("gate").wait_for_end()
    is_own = page.next_job().arguments["name"] == page.user
    observe("waits for them" if is_own else "overtakes them")


@observes("cache_by functions, when the page polls again", "background", "long_callback")
def test_the_functions_of_the_cache_key_at_later_polls(
    open_page: OpenPage, observe: Observe
) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(VERSION.hitting("version")))
    page.set("choice.value", "A")
    page.next_job().wait_for_gate("gate")
    before = len(page.events.named("passes"))
    page.network.poll()
    page.network.poll()
    observe("called" if len(page.events.named("passes")) > before else "not called")


@observes("two equal triggers at once, with a cache", "background", "long_callback")
def test_two_equal_cached_triggers_at_once(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by())
    other = page.another_user()
    page.set("choice.value", "A")
    page.next_job().wait_for_gate("gate")
    other.set("choice.value", "A")
    page.another_user().set(
        "choice.value", "B"
    )  # its job starts after any that the other page has started
    second = page.next_job().wait_for_gate("gate")
    observe("two jobs" if second.arguments["choice"] == "A" else "one job")


def news(page: Page) -> list[Any]:
    """The values of the periodic statuses so far."""
    values = [event.facts["status"] for event in page.events.named("status")]
    return [value for value in values if not isinstance(value, bool)]


@observes("a periodic status at the moment of the invocation", "taipy")
def test_a_status_at_time_zero(open_page: OpenPage, observe: Observe) -> None:
    handler = status("state", "status")
    page = open_page(RUN, OUT, invoke(trigger="run", job=WAITING, status=handler, period_ms=60_000))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.network.wait_for_answer()
    observe(f"yes, {news(page)[0]}" if news(page) else "no")


@observes("a period of 100 milliseconds", "taipy")
def test_a_short_period(open_page: OpenPage, observe: Observe) -> None:
    handler = status("state", "status")
    page = open_page(RUN, OUT, invoke(trigger="run", job=WAITING, status=handler, period_ms=100))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.go_on_for(seconds=0.5)  # five periods
    observe("honoured" if len(news(page)) > 1 else "counts as none")


@observes("the numbers of periodic statuses", "taipy")
def test_the_numbers(open_page: OpenPage, observe: Observe) -> None:
    handler = status("state", "status")
    page = open_page(RUN, OUT, invoke(trigger="run", job=WAITING, status=handler, period_ms=500))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.events.wait_for("status", lambda event: len(news(page)) >= 3)
    observe(", ".join(map(str, news(page)[:3])))


@observes("a final status while a periodic one is being reported", "taipy")
def test_a_final_status_meets_a_periodic_one(open_page: OpenPage, observe: Observe) -> None:
    steps = [(RUNNING, wait_at("reporting")), (SUCCESS, wait_at("final"))]
    handler = status("state", "status", does=steps)
    page = open_page(RUN, OUT, invoke(trigger="run", job=WAITING, status=handler, period_ms=500))
    reporting = page.server.hold("reporting")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    reporting.wait_for_hits()
    job.release("gate")
    page.go_on_for(seconds=0.5)  # long enough for a final status that does not wait
    observe(
        "they overlap"
        if any(e.facts["status"] is True for e in page.events.named("status"))
        else "it waits"
    )
    reporting.release()


@observes("the third parameter of on_action", "taipy")
def test_the_third_parameter(open_page: OpenPage, observe: Observe) -> None:
    action = invoke(trigger="run", job=WAITING, parameters=("state", "id", "action"))
    page = open_page(RUN, OUT, action)
    page.click("run")
    observe(repr(page.events.wait_for("action").facts.get("action")))


def invoking(**more: Any) -> Any:
    """A long callback of the button ``run``, whose action emits ``raised`` when the invocation raises."""
    return invoke(trigger="run", **{"job": WAITING, "emits_error": True, **more})


def final(page: Page) -> Mapping[str, Any]:
    """What the status function of the running job receives at its end."""
    page.next_job().release("gate")
    return page.events.wait_for(
        "status", lambda event: isinstance(event.facts["status"], bool)
    ).facts


@observes("a period of 500.0 milliseconds", "taipy")
def test_a_period_that_is_no_int(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(status=status("state", "status"), period_ms=500.0))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.go_on_for(seconds=1.2)  # two periods
    observe("honoured" if len(news(page)) > 1 else "counts as none")


@observes("a negative period", "taipy")
def test_a_negative_period(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(status=status("state", "status"), period_ms=-1))
    page.click("run")
    page.fence()
    observe("refused" if page.events.named("raised") else "counts as none")


@observes("a text as the arguments of a job", "taipy")
def test_a_text_as_arguments(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(literal_arguments="ab", takes=("first", "second")))
    page.click("run")
    page.fence()
    observe(
        "refused" if page.events.named("raised") else f"the job gets {page.next_job().arguments}"
    )


@observes("a class as a status function", "taipy")
def test_a_class_as_status_function(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(status=status("state", "status", kind="class")))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.fence()
    observe("called" if page.events.named("status") else "ignored")


@observes("a parameter of a status function that has no value", "taipy")
def test_a_parameter_without_a_value(open_page: OpenPage, observe: Observe) -> None:
    handler = status("state", "status", "result", "another")
    page = open_page(RUN, OUT, invoking(status=handler))
    page.click("run")
    observe(repr(final(page)["another"]))


@observes("the `**options` of a status function", "taipy")
def test_the_options_of_a_status_function(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(status=status("state", "status", "**options")))
    page.click("run")
    observe(repr(final(page)["options"]))


@observes("the default of a parameter for the result, after a failure", "taipy")
def test_the_default_of_a_result(open_page: OpenPage, observe: Observe) -> None:
    failing = wait_at("gate") >> raise_error("no")
    handler = status("state", "status", 'result="default"')
    page = open_page(RUN, OUT, invoking(job=failing, status=handler))
    page.click("run")
    observe("kept" if final(page)["result"] == "default" else "replaced by None")


@observes("a notification of the kind `warning`", "taipy")
def test_a_warning(open_page: OpenPage, observe: Observe) -> None:
    observe(kind_shown(open_page, "warning"))


@observes("a notification of an unknown kind", "taipy")
def test_an_unknown_kind(open_page: OpenPage, observe: Observe) -> None:
    observe(kind_shown(open_page, "news"))


def kind_shown(open_page: OpenPage, kind: str) -> str:
    """The kind that a page shows for a notification of this kind."""
    page = open_page(RUN, OUT, invoking(first=notify(kind, "text")))
    page.click("run")
    page.fence()
    return page.notifications[0].kind if page.notifications else "refused"


@observes("a notification that is sent while its user is away", "taipy")
def test_a_notification_for_a_user_who_is_away(open_page: OpenPage, observe: Observe) -> None:
    handler = status("state", "status", does=notify("success", "finished"))
    page = open_page(RUN, OUT, invoking(status=handler))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.close()
    job.release("gate").wait_for_end()
    page.reload()
    page.fence()
    observe("shown when they are back" if page.notifications else "lost")


@observes("what a page shows of an action that raises", "taipy")
def test_an_action_that_raises(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(first=raise_error("no")))
    page.click("run")
    page.fence()
    observe(f"{[*page.errors, *page.notifications] or 'nothing'}")


@observes("what a page shows of a status function that raises", "taipy")
def test_a_status_function_that_raises(open_page: OpenPage, observe: Observe) -> None:
    page = open_page(RUN, OUT, invoking(status=status("state", "status", does=raise_error("no"))))
    page.click("run")
    final(page)
    page.fence()
    observe(f"{[*page.errors, *page.notifications] or 'nothing'}")
