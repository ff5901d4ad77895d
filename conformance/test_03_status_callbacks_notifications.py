"""SPEC.md, chapter 3: Status callbacks. Notifications, which an action or a status function sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.plugin import OpenPage, covers, takes_time
from callback_conformance.plugin.strategies import TEXTS, drawn
from callback_conformance.scenario import (
    RUNNING,
    Button,
    Text,
    give,
    invoke,
    notify,
    status,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")


def action(**options: Any) -> Any:
    """An action of the button ``run`` that invokes a job."""
    handler = status("state", "status")
    return invoke(
        trigger="run", job=wait_at("gate") >> give("done"), **{"status": handler, **options}
    )


@covers("NOTIFY-1")
@pytest.mark.parametrize("kind", ["success", "info", "error"])
def test_a_notification_is_of_the_kind_given(open_page: OpenPage, kind: str) -> None:
    page = open_page(RUN, OUT, action(first=notify(kind, "news")))
    page.click("run")
    page.expect_notification(kind, "news")


@covers("NOTIFY-2")
@drawn(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_a_notification_has_the_text_given(open_page: OpenPage, texts: list[str]) -> None:
    page = open_page(RUN, OUT, action(first=[notify("info", text) for text in texts]))
    page.click("run")
    for text in texts:
        page.expect_notification("info", text)


@covers("NOTIFY-3")
def test_notifications_come_in_the_order_in_which_they_are_sent(open_page: OpenPage) -> None:
    sent = [("info", "one"), ("success", "two"), ("info", "three"), ("error", "four")]
    steps = [notify(kind, text) for kind, text in sent]
    page = open_page(RUN, OUT, action(status=status("state", "status", does=steps)))
    page.click("run")
    page.next_job().release("gate")
    page.expect_notification("error", "four")
    shown = [(notification.kind, notification.message) for notification in page.notifications]
    assert [each for each in shown if each in sent] == sent, "the notifications of the function"


@takes_time
@covers("NOTIFY-3")
def test_a_later_notification_comes_after_the_earlier_ones_and_does_not_repeat_them(
    open_page: OpenPage,
) -> None:
    steps = notify("info", "status {status}", RUNNING)
    handler = status("state", "status", does=steps)
    page = open_page(RUN, OUT, action(status=handler, period_ms=500))
    page.click("run")
    page.events.wait_for("status", lambda event: event.facts["status"] >= 3)
    page.next_job().release("gate")
    page.events.wait_for("status", lambda event: event.facts["status"] is True)
    statuses = [event.facts["status"] for event in page.events.named("status")]
    sent = [f"status {each}" for each in statuses if each is not True]
    page.expect_notification("info", sent[-1])
    page.fence()
    shown = [notification.message for notification in page.notifications]
    assert [each for each in shown if each in sent] == sent, "the notifications of the function"
