"""A page whose callback each user triggers with a value of their own, and what its user or a stranger does then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from callback_conformance.page import Page, RawRequest, Stranger
from callback_conformance.plugin import OpenPage
from callback_conformance.scenario import (
    Button,
    Field,
    Manager,
    ProgressBar,
    Steps,
    Text,
    arg,
    background,
    give,
    wait_at,
)

#: What a job does unless a test says more. The word that it returns is that of the page that has triggered it.
RETURNS_WORD = wait_at("gate") >> give(arg("word"))


def opened(
    open_page: OpenPage,
    job: Steps = RETURNS_WORD,
    manager: Manager = Manager("manager"),  # noqa: B008  it is a value
    **more: Any,
) -> Page:
    """A page with a callback, before anything has happened. ``more`` are options of the callback."""
    return open_page(
        Field("name", ""),
        Button("cancel"),
        Text("out", "before"),
        Text("note", "before"),
        ProgressBar("bar"),
        background(
            output="out.children", inputs="name.value", cancel="cancel.n_clicks", job=job, **more
        ),
        managers=(manager,),
    )


def triggers(page: Page) -> None:
    """Trigger the callback with a word of the page's own; a run that goes on is replaced."""
    page.set("name.value", page.user + "!" * len(page.get("name.value") or ""))


def cancels(page: Page) -> None:
    """Cancel the run."""
    page.click("cancel")


def polls(page: Page) -> None:
    """Poll for each run."""
    page.network.poll()


#: Where no callback is answered.
NOWHERE = "/nowhere"


def unsent(stranger: Stranger, act: Callable[[Page], None] = triggers) -> RawRequest:
    """The request that their page sends when ``act`` is done there; it goes elsewhere, so that the server has not
    seen it yet."""
    requests: list[RawRequest] = []

    def elsewhere(request: RawRequest) -> RawRequest:
        requests.append(request)
        return replace(request, path=NOWHERE)

    stranger.rewrite(elsewhere)
    act(stranger.page)
    stranger.rewrite(lambda request: request)
    return requests[0]


def with_body(change: Callable[[bytes], bytes]) -> Callable[[RawRequest], RawRequest]:
    """A request with another body."""
    return lambda request: replace(request, body=change(request.body))
