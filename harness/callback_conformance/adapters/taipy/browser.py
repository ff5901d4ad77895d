"""A page to which its server pushes, in Chromium: the page's own script holds its connection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from callback_conformance.adapters import chromium
from callback_conformance.adapters.taipy.push_tab import Connection
from callback_conformance.adapters.taipy.screen import Element, Screen, dom_id, tags
from callback_conformance.adapters.taipy.style_wire import TaipyStyleConnection
from callback_conformance.adapters.taipy.style_wire import elements as style_elements
from callback_conformance.adapters.taipy.wire import TaipyConnection, elements
from callback_conformance.page.tab import REQUEST_SECONDS, DidNotLoad, reading

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window
    from playwright.sync_api import Response

LOOK_SECONDS = (
    0.05  # how long one look waits for news: short, so that an event elsewhere is seen soon
)
REST_MS = 30_000  # for each reaction: it takes less than 3 s when all is busy
BLANK = "about:blank"


def _script(name: str) -> str:
    """The script of a protocol, to run in a page before the page's own."""
    folder = Path(__file__).parent
    common, protocol = (
        (folder / file).read_text(encoding="utf-8") for file in ("browser.js", name)
    )
    return f"({common})({protocol}, {json.dumps({'restMs': REST_MS})})"


class BrowserConnection:
    """The connection of one tab, with the meaning of those on the wire; ``client`` is the browser's window.

    What the page has received is read when the test waits. It is on the screen as the server sent it where
    the page shows it so, and otherwise as the text that stands there.
    """

    script: str
    wire: Callable[[str, Screen, str], Connection]

    def __init__(self, url: str, screen: Screen, client: Window | None) -> None:
        self._url = url
        self._screen = screen
        screen.wait = self._wait
        if client and client.url == BLANK:  # its user loads the page again, in the same window
            self.client = client
        else:
            self.client = chromium.open_window(screen.timeline, self.script, client or None)

    def open(self) -> None:
        self.client.on("pageerror", self._broke)
        answer = self._goto()
        if answer is None or not answer.ok:
            refusal = answer and f"{answer.status}: {answer.text()}"
            raise DidNotLoad(f"the page was answered with {refusal}")
        self._build(answer)

    def act(self, button: Element, key: str) -> None:
        self._call("click", button.id, key)

    def change(self, field: Element, value: object, key: str) -> None:
        self._call("expect", key)
        typed = self.client.locator(f"[id={json.dumps(field.id)}]")
        before = typed.input_value()
        typed.fill("")
        typed.fill(str(value))
        typed.blur()
        if before == str(value):  # no change to the field, and the user's act all the same
            typed.dispatch_event("change")

    def round_trip(self, key: str) -> None:
        self._call("fence", key)

    def load_unconnected(self, named: str = "") -> None:
        """As on the wire: Chromium cannot leave a page half loaded, as a network may."""
        self.wire(self._url, self._screen, "").load_unconnected(named)

    def close(self) -> None:
        self.client.remove_listener("pageerror", self._broke)
        chromium.leave(self.client)

    def _goto(self) -> Response | None:
        return self.client.goto(self._url)

    def _build(self, answer: Response) -> None:
        """Let the page build itself after this answer, and show its elements and first values."""
        raise NotImplementedError

    def _wait(self, fact: Callable[[], bool], seconds: float) -> bool:
        """Let in what the page has received, until ``fact`` or for so long."""
        give_up = time.monotonic() + seconds
        while not fact() and (left := give_up - time.monotonic()) > 0:
            self._call("look", min(left, LOOK_SECONDS) * 1000)
        return fact()

    def _call(self, act: str, *arguments: Any) -> Any:
        """Call an act of the script in the page, and show what the page has received since the last call."""
        reply = self.client.evaluate("call => conformance(...call)", [act, *arguments])
        answer = json.loads(reply)
        for event in answer["seen"]:
            age = time.time() - event["at"] / 1000
            self._screen.at = time.monotonic() - age
            self._take(event["what"], **event["facts"])
        self._screen.at = None
        self._compare(answer["texts"])
        return answer.get("value")

    def _take(self, what: str, **facts: Any) -> None:
        match what:
            case "sets":
                for variable, value in facts["values"].items():
                    self._screen.set_variable(variable, value)
            case "notifies":
                self._screen.add_notification(**facts)
            case "answered":
                self._screen.mark_answered(**facts)
            case "fails":
                self._screen.add_error(**facts)
            case "loses" if not self._screen.lost:
                self._screen.mark_lost(**facts)

    def _compare(self, texts: Iterable[tuple[str, str]]) -> None:
        """What the page shows is what counts. Other values than texts and whole numbers have no one form."""
        shown = dict(texts)
        for element in self._screen.elements.values():
            if not element.variable or (text := shown.get(dom_id(element))) is None:
                continue
            prop = f"{element.id}.{element.prop}"
            value = self._screen.values.get(prop)
            if type(value) in (str, int) and str(value) != text:
                self._screen.set_value(prop, text, "browser")

    def _broke(self, error: Exception) -> None:
        if "MathJax" not in str(error):  # Taipy's page loads that from elsewhere, where nothing is
            self._screen.add_error(0, str(error))


class TaipyStyleBrowserConnection(BrowserConnection):
    """A page of our Taipy style."""

    script = _script("browser_style.js")
    wire = TaipyStyleConnection

    def _build(self, answer: Response) -> None:
        with reading("the page"):
            self._screen.set_elements(style_elements(tags(answer.text())))
        if refused := self._call("opened"):
            raise DidNotLoad(f"the page was answered with {refused}")


class TaipyBrowserConnection(BrowserConnection):
    """A page of Taipy: its React components."""

    script = _script("browser_taipy.js")
    wire = TaipyConnection

    def _goto(self) -> Response | None:
        with self.client.expect_response("**/taipy-jsx/**") as page:
            answer = super()._goto()
        self._page = page.value
        return answer

    def _build(self, answer: Response) -> None:
        with reading("the page"):
            page = self._page.json()
            self._screen.set_elements(elements(page["jsx"]))
        shown = list(self._screen.elements.values())
        ids = [dom_id(element) for element in shown]
        if not self._wait(lambda: bool(self._call("isBuilt", ids)), REQUEST_SECONDS):
            raise DidNotLoad(f"{self._url} did not show its elements within {REQUEST_SECONDS} s")
        names = sorted({element.variable for element in shown if element.variable})
        client = parse_qs(urlsplit(self._page.url).query)["client_id"][0]
        self._call("values", "open", names, client, page["context"])
        if not self._screen.wait_for_answer("open", REQUEST_SECONDS):
            raise DidNotLoad(f"{self._url} did not answer the message RU")
