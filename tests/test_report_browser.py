"""The report in Chromium, on a desk and on a phone, opened from disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from callback_conformance.adapters.chromium import open_window
from callback_conformance.report import build
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, CellState
from callback_conformance.spec.specification import load
from tests.reports import DEVIATION, cell, write_matrix

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window

DESK, PHONE = (1400, 900), (390, 844)
PAGES = (
    "index.html",
    "deviations.html",
    "observations.html",
    "requirements/RESULT-9.html",
    "cells/dash@4.4.1-background-diskcache-wire.html",
    "pairs/dash@4.4.1-background-diskcache-wire/RESULT-9.html",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a matrix of sixty cells."""
    broken = {"RESULT-9": DEVIATION, "RESULT-7": "", "RUN-1": ""}
    cells = [cell("dash_style"), cell("dash@4.4.1", violated=broken, undecided=["BG-2"])]
    cells += [
        cell(f"dash@2.{minor}.0", dialect, backend, {"RESULT-9": DEVIATION})
        for minor in range(6, 20)
        for dialect in ("background", "long_callback")
        for backend in ("diskcache", "celery+redis")
    ]
    spec = CellSpec("taipy@2.0.0", "taipy", "thread")
    absent = CellResult(spec, CellState.TIMED_OUT, "no verdict in 900 s")
    return build(write_matrix(tmp_path_factory.mktemp("m"), cells, [absent])).parent


@pytest.fixture
def console() -> list[str]:
    """What the browser's console says, and each error of a script."""
    return []


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Of the window, in pixels."""
    size: tuple[int, int] = request.param
    return size


def window_of(size: tuple[int, int], console: list[str]) -> Window:
    """A new user's window."""
    window = open_window(object(), "")
    window.set_viewport_size({"width": size[0], "height": size[1]})
    window.on("console", lambda message: console.append(message.text))
    window.on("pageerror", lambda error: console.append(str(error)))
    return window


@pytest.fixture
def window(size: tuple[int, int], console: list[str]) -> Iterator[Window]:
    window = window_of(size, console)
    yield window
    window.close()
    assert console == []


@pytest.fixture
def desk(place: Path, console: list[str]) -> Iterator[Window]:
    """The matrix on a desk."""
    window = window_of(DESK, console)
    window.goto(f"{place.as_uri()}/index.html")
    yield window
    window.close()
    assert console == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_window_and_none_complains(
    window: Window, place: Path, page: str, scheme: str
) -> None:
    window.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    window.goto(f"{place.as_uri()}/{page}")
    width = window.evaluate("document.documentElement.scrollWidth")
    assert width <= window.evaluate("innerWidth")


@pytest.mark.parametrize(
    "page", PAGES[1:]
)  # the matrix of the site is the same, and is looked at there
def test_axe_finds_nothing(desk: Window, place: Path, page: str) -> None:
    desk.goto(f"{place.as_uri()}/{page}")
    results = Axe().run(desk, options={"resultTypes": ["violations"], "preload": False})
    assert results.violations_count == 0, results.generate_report()


#: The contrast of each text with what lies under it, by WCAG 2: (ratio, size in px, text) below 4.5.
CONTRAST = """
() => {
  const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const light = ([r, g, b]) => { const f = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const under = (e) => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; } return [255, 255, 255, 1]; };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !e.offsetParent || e.closest("[hidden]")) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(under(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${e.tagName}.${e.className} ${e.textContent.slice(0, 30)}`);
  }
  return [...new Set(poor)].slice(0, 10);
}
"""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_text_can_be_told_from_what_lies_under_it(
    desk: Window, place: Path, page: str, scheme: str
) -> None:
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    desk.goto(f"{place.as_uri()}/{page}")
    assert desk.evaluate(CONTRAST) == []


def test_the_whole_matrix_opens(desk: Window, record_property: pytest.RecordProperty) -> None:
    assert desk.locator("#matrix tbody.list tr").count() == len(load().requirements)
    timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    milliseconds = desk.evaluate(timing)  # recorded only: it is the machine's as much as the page's
    record_property("opening_ms", milliseconds)
    assert milliseconds > 0


def test_keys_alone_lead_to_a_failing_pair(desk: Window) -> None:
    for _ in range(30):
        desk.keyboard.press("Tab")
        if desk.evaluate("!!document.activeElement.closest('#matrix')"):
            break
    assert focus(desk) == "1 Background execution"
    desk.keyboard.press("ArrowDown")
    assert focus(desk) == "2 Result delivery"
    desk.keyboard.press("Enter")
    while focus(desk) != "RESULT-9":
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowRight")
    assert status(desk).startswith("RESULT-9 \u00d7 dash 4.4.1 · background · diskcache: violated")
    assert DEVIATION in status(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"pairs/dash@4.4.1-background-diskcache-wire/RESULT-9\.html$"))


def focus(window: Window) -> str:
    """The first words of what has the focus."""
    text: str = window.evaluate("document.activeElement.innerText")
    return re.sub(r"\s+\d+$", "", " ".join(text.split()))


def status(window: Window) -> str:
    """The words about the square that has the focus, which a screen reader is console as well."""
    shown = window.locator("#status").inner_text()
    assert window.evaluate("document.activeElement.ariaLabel") == shown
    return shown


def test_the_focus_is_seen_in_each_corner(desk: Window) -> None:
    desk.locator("#expand").click()
    desk.locator("#matrix .chapter button").first.focus()
    for key in ("Control+End", "End", "Control+Home", "Home", "PageDown", "ArrowRight", "PageUp"):
        desk.keyboard.press(key)
        box = desk.evaluate("(() => { const r = document.activeElement.getBoundingClientRect();"
                            "return [r.left + r.width / 2, r.top + r.height / 2]; })()")  # fmt: skip
        top = desk.evaluate("([x, y]) => { const e = document.elementFromPoint(x, y), a = document.activeElement;"
                            "return !!e && (a.contains(e) || e.contains(a)); }", box)  # fmt: skip
        assert top, key


def shown(window: Window) -> list[str]:
    """The requirements that are shown."""
    rows = window.locator("#matrix tbody.list:not([hidden]) tr:not([hidden])")
    ids: list[str] = rows.evaluate_all("rows => rows.map(row => row.id)")
    return ids


def test_the_filter_by_text_finds_words_ids_and_deviations(window: Window, place: Path) -> None:
    window.goto(f"{place.as_uri()}/index.html")
    if window.locator(".box > summary").is_visible():
        window.locator(".box > summary").click()
    find = window.locator("input[name=q]")
    for text in ("RESULT-9", DEVIATION, "newest run replaced arguments"):
        find.fill(text)
        assert shown(window) == ["RESULT-9"]
    find.fill("no such words")
    assert shown(window) == []
    assert window.locator("#found").inner_text().startswith("0 requirements")


def test_the_filter_by_verdict_shows_what_has_it_somewhere(desk: Window) -> None:
    for words, ids in (("violated, new", ["RESULT-7", "RUN-1"]), ("not decided", ["BG-2"])):
        chip = desk.locator(".chip", has_text=words)
        chip.click()
        assert shown(desk) == ids
        chip.click()
    assert shown(desk) == []


def test_the_filter_by_cell_hides_the_others_and_counts_no_verdict_of_them(desk: Window) -> None:
    desk.locator("select[name=version]").select_option("2.9.0")
    assert desk.locator("#matrix .columns th:visible").count() == 4
    desk.locator("select[name=backend]").select_option("diskcache")
    desk.locator("select[name=dialect]").select_option("background")
    assert desk.locator("#matrix .columns th:visible").count() == 1
    assert desk.locator("#matrix .groups th:visible").count() == 2
    desk.locator(".chip", has_text="violated").last.click()
    assert shown(desk) == ["RESULT-9"]
    desk.locator("button[type=reset]").click()
    desk.wait_for_function("document.querySelectorAll('#matrix .columns th').length === "
                           "[...document.querySelectorAll('#matrix .columns th')].filter(e => e.offsetParent).length")  # fmt: skip


def test_a_filter_counts_the_verdicts_of_what_it_shows(desk: Window) -> None:
    count = desk.locator(".chip.x b")
    everything = int(count.inner_text())
    desk.select_option("select[name=cell]", "dash@4.4.1-background-diskcache-wire")
    assert int(count.inner_text()) == 1 < everything
    desk.fill("input[name=q]", "RUN-1")
    assert count.inner_text() == "0"
    assert desk.locator(".chip.w b").inner_text() == "1"  # which is new


def test_a_few_cells_have_words_that_lie_in_their_squares(
    tmp_path: Path, console: list[str]
) -> None:
    cells = [cell("dash_style"), cell("dash@4.4.1", violated={"RESULT-9": DEVIATION})]
    window = window_of(DESK, console)
    window.goto(build(write_matrix(tmp_path, cells, [])).as_uri() + "#RESULT-9")
    square = window.locator("#RESULT-9 td").first
    words = "[...document.querySelectorAll('#RESULT-9 td')].map((td) => td.dataset.w)"
    assert window.evaluate(words) == ["violated", "verified"]
    over = "(td) => [td.scrollHeight - td.clientHeight, td.scrollWidth - td.clientWidth]"
    assert square.evaluate(over) == [0, 0]
    window.close()
    assert console == []


def test_a_deviation_is_found_by_its_words(window: Window, place: Path) -> None:
    window.goto(f"{place.as_uri()}/deviations.html")
    assert window.locator("article.entry details[open]").count() == 0
    window.fill("input[name=q]", "picks one two again")
    entries = window.locator("article.entry:visible")
    assert entries.evaluate_all("all => all.map((one) => one.id)") == [DEVIATION]
    assert window.locator("section.release:visible").count() == 1


def test_the_deviation_that_an_address_names_is_open(window: Window, place: Path) -> None:
    window.goto(f"{place.as_uri()}/deviations.html#{DEVIATION}")
    assert window.locator("article.entry details[open] > summary").count() == 1
    window.locator(f"#{DEVIATION} >> text=Make the job a part of the key").wait_for()


def test_what_was_filtered_stands_in_the_address(desk: Window, place: Path) -> None:
    desk.locator("input[name=q]").fill("RESULT-9")
    address = desk.url
    assert address.endswith("#q=RESULT-9")
    desk.goto("about:blank")
    desk.goto(address)
    assert shown(desk) == ["RESULT-9"]


def test_a_cells_page_leads_to_it_alone_in_the_matrix(desk: Window, place: Path) -> None:
    desk.goto(f"{place.as_uri()}/cells/dash@2.9.0-background-celery~redis-wire.html")
    desk.get_by_text("In the matrix").click()
    desk.wait_for_url(re.compile("index.html#cell="))
    assert desk.locator("#matrix .columns th:visible").count() == 1


def test_a_link_to_a_requirement_opens_its_chapter(desk: Window, place: Path) -> None:
    desk.goto("about:blank")
    desk.goto(f"{place.as_uri()}/index.html#RESULT-9")
    assert "RESULT-9" in shown(desk)
    desk.wait_for_function("document.activeElement.innerText === 'RESULT-9'")


def test_a_phone_shows_one_cell_in_words(place: Path, console: list[str]) -> None:
    window = window_of(PHONE, console)
    window.goto(f"{place.as_uri()}/index.html#cell=dash@4.4.1-background-diskcache-wire&q=RESULT-9")
    square = window.locator("#RESULT-9 td:visible")
    assert square.count() == 1
    assert (
        window.evaluate("e => getComputedStyle(e, '::after').content", square.element_handle())
        == '" violated"'
    )
    square.locator("a").click()
    window.wait_for_url(re.compile(r"RESULT-9\.html$"))
    window.close()
    assert console == []


def test_a_phone_counts_the_cells_of_each_requirement(place: Path, console: list[str]) -> None:
    window = window_of(PHONE, console)
    window.goto(f"{place.as_uri()}/index.html#q=RESULT-9")
    assert window.locator("#RESULT-9 .sum").inner_text().split("\n")[0].startswith("✓")
    assert "57 violated" in window.locator("#RESULT-9 .sum").inner_text()
    window.close()
    assert console == []


def test_the_program_is_copied_by_its_button(desk: Window, place: Path) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{place.as_uri()}/{PAGES[-1]}")
    code = desk.locator(".code").first
    code.locator("button").click()
    code.get_by_text("Copied").wait_for()
    assert desk.evaluate("navigator.clipboard.readText()") == code.locator("code").inner_text()


def test_without_scripts_everything_can_be_read(place: Path) -> None:
    browser = open_window(object(), "").context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place.as_uri()}/index.html")
    assert page.locator("#RESULT-9").is_visible()
    page.locator("#RESULT-9 td a").first.click()
    assert page.locator(".timeline").is_visible()
    assert page.locator("pre code").first.is_visible()
    assert page.locator("button:visible").count() == 0
    context.close()
