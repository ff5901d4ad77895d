"""The site in Chromium, opened from disk: what people ask is answered in three clicks, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from callback_conformance.adapters.chromium import open_window

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window

#: A light browser on a desk, and a dark one on a phone: width and height in pixels.
DESK, PHONE = ((1400, 900), "light"), ((390, 844), "dark")
on_a_desk = pytest.mark.parametrize("window", [DESK], ids=["desk"], indirect=True)
CLICKS = 3
#: One page of each kind.
PAGES = (
    "index.html",
    "releases.html",
    "releases/dash@4.4.1.html",
    "cells/dash@4.4.1-background-diskcache-wire.html",
    "compare.html",
    "matrix.html",
    "features.html",
    "symptoms.html#disabled-button",
    "upstream.html",
    "ledger/index.html",
    "ledger/dash/read-then-delete.html",
    "spec/5-running.html",
    "requirements/RUN-1.html",
    "guides/index.html",
    "guides/verdicts.html",
)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console says, errors of scripts, and what is fetched from elsewhere."""
    return []


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def window(request: pytest.FixtureRequest, complaints: list[str]) -> Iterator[Window]:
    """A new user's."""
    (width, height), scheme = request.param
    window = open_window(object(), "")
    window.set_viewport_size({"width": width, "height": height})
    window.emulate_media(color_scheme=scheme)
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("request", lambda request: complaints.append(request.url) if elsewhere(request.url) else None)  # fmt: skip
    yield window
    window.close()
    assert complaints == []


def elsewhere(address: str) -> bool:
    return not address.startswith(("file:", "data:", "about:"))


def visit(window: Window, site: Path, address: str) -> None:
    path, _, anchor = address.partition("#")
    window.goto("about:blank")
    window.goto(f"{(site / path).as_uri()}{'#' if anchor else ''}{anchor}")


@pytest.mark.parametrize("address", PAGES)
def test_each_kind_of_page_can_be_read_by_everybody(
    window: Window, site: Path, address: str
) -> None:
    visit(window, site, address)
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(window, options={"resultTypes": ["violations"], "preload": False})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        (["Which release should I use?"], "4.4.1 · celery+redis"),
        (["What breaks when I upgrade"], "New with the change"),
        (["My button stays disabled", "A button stays disabled"], "After one request without an answer the button stays disabled"),
        (["My button stays disabled", "A button stays disabled", "workaround"], "Workaround"),
        (["Is it reported upstream?"], "plotly/dash#2828"),
        (["diskcache or Celery?"], "dash 4.4.1 · background · celery+redis"),
        (["What does requirement RUN-1 say?", "5. Running", "RUN-1"], "While a job runs, each property named in"),
        (["How do I test my own backend?"], "The shortest manager"),
        (["How is a verdict made?"], "The four verdicts"),
    ],
)  # fmt: skip
def test_a_question_is_answered_in_three_clicks(
    window: Window, site: Path, steps: list[str], answer: str
) -> None:
    assert len(steps) <= CLICKS
    visit(window, site, "index.html")
    for step in steps:
        window.locator("main").get_by_text(step).and_(window.locator("a:visible, a:visible *, summary *")).first.click()  # fmt: skip
    window.locator("main").get_by_text(answer).locator("visible=true").first.wait_for()


@on_a_desk
def test_two_cells_are_compared_by_what_only_one_has(window: Window, site: Path) -> None:
    visit(window, site, "compare.html")
    window.select_option("[name=from]", "dash@2.18.2-background-diskcache-wire")
    window.select_option("[name=to]", "dash@4.4.1-background-diskcache-wire")
    titles = shown(window)
    assert "A poll whose job is no number is answered with 500" in titles[0]
    assert "A shared cache may give one page load to several users, who are then one page to the server" in titles[1]  # fmt: skip
    assert not set(titles[0]) & set(titles[1])
    address = window.url
    window.goto("about:blank")
    window.goto(address)
    assert shown(window) == titles
    window.get_by_text("Swap").click()
    assert shown(window) == titles[::-1]


def shown(window: Window) -> list[list[str]]:
    """What is listed on each side."""
    sides = window.locator(".sides > section").all()
    return [side.locator(".entries a").all_inner_texts() for side in sides]


@on_a_desk
@pytest.mark.parametrize(
    ("words", "first", "page"),
    [
        ("RUN-6", "RUN-6: ", "requirements/RUN-6.html"),
        ("button stays disabled", "A button stays disabled", "symptoms.html#disabled-button"),
        ("plotly/dash#2828", "An entry of the store is read", "ledger/dash/read-then-delete.html"),
        ("dash 2.18.2", "dash 2.18.2", "releases/dash@2.18.2.html"),
        ("cache key glossary", "Glossary", "glossary.html"),
    ],
)
def test_the_search_finds_all_kinds(
    window: Window, site: Path, words: str, first: str, page: str
) -> None:
    visit(window, site, "guides/verdicts.html")
    window.fill("#search input", words)
    best = window.locator("#results a").first
    best.filter(has_text=first).wait_for()
    window.keyboard.press("Enter")
    window.wait_for_url(re.compile(re.escape(page)))


@on_a_desk
def test_the_search_can_be_walked_by_keys(window: Window, site: Path) -> None:
    visit(window, site, "index.html")
    window.keyboard.press("/")
    window.keyboard.type("cancel")
    window.locator("#results a").nth(2).wait_for()
    window.keyboard.press("ArrowDown")
    window.keyboard.press("ArrowDown")
    second = window.locator("#results a").nth(1)
    assert second.evaluate("(link) => link === document.activeElement")
    window.keyboard.press("Escape")
    assert window.locator("#results").is_hidden()


@on_a_desk
def test_the_chosen_theme_is_kept(window: Window, site: Path) -> None:
    visit(window, site, "index.html")
    background = "getComputedStyle(document.body).backgroundColor"
    before = window.evaluate(background)
    window.click("#theme")
    chosen = window.evaluate(background)
    assert chosen != before
    visit(window, site, "ledger/index.html")
    assert window.evaluate(background) == chosen


@on_a_desk
def test_the_ledger_is_sifted_and_the_address_keeps_it(window: Window, site: Path) -> None:
    visit(window, site, "ledger/index.html")
    everything = window.locator(".faults tbody tr:visible").count()
    window.select_option("[name=release]", "taipy")
    window.select_option("[name=state]", "unreported")
    rows = window.locator(".faults tbody tr:visible")
    fewer = rows.count()
    assert 0 < fewer < everything
    assert all("taipy" in release for release in rows.evaluate_all("all => all.map((row) => row.dataset.release)"))  # fmt: skip
    address = window.url
    window.goto("about:blank")
    window.goto(address)
    assert window.locator(".faults tbody tr:visible").count() == fewer


@on_a_desk
def test_a_badge_is_drawn_and_its_snippet_names_where_it_is(window: Window, site: Path) -> None:
    visit(window, site, PAGES[3])
    assert window.evaluate("document.querySelector('main img').naturalWidth") > 100  # pixels
    snippet = window.locator(".badge code").inner_text()
    assert f"({site.as_uri()}/badges/" in snippet
