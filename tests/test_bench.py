"""The measurements: what is measured, how it is asked for, and how it is written down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from callback_conformance import adapters
from callback_conformance.adapters import NoResult
from callback_conformance.adapters.dash.bare_page import BareDashPage
from callback_conformance.bench import BACKENDS, MEASURES, crowd, page_times
from callback_conformance.bench.programs import program, without_probe
from callback_conformance.bench.table import Rounds, lines
from callback_conformance.cli import report


class Answers(BaseHTTPRequestHandler):
    """Answers a page with its configuration, and its requests with what a test has put down."""

    protocol_version = "HTTP/1.1"
    answers: ClassVar[list[tuple[int, object]]] = []
    queries: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        config = {"end_id": "e", "extensions": {"query_header": "Q", "repeats": ["out.children"]}}
        self._send(200, f'<script id="_dash-config">{json.dumps(config)}</script>')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.queries.append(self.headers["Q"])
        status, body = self.answers.pop(0)
        self._send(status, json.dumps(body))

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


RUNNING = (200, {"multi": True})
STARTED = (200, {"cacheKey": "k", "job": "j"})


def ended(value: object) -> tuple[int, object]:
    """The answer that holds a result."""
    return 200, {"response": {"out": {"children": value}}}


@pytest.fixture
def page() -> Iterator[BareDashPage]:
    """A page of a server that gives the answers of the test."""
    Answers.answers, Answers.queries = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with closing(BareDashPage(f"http://127.0.0.1:{server.server_port}")) as opened:
            yield opened
        server.shutdown()


def test_a_bare_page_polls_with_the_handles_of_its_run(page: BareDashPage) -> None:
    Answers.answers += [STARTED, RUNNING, ended(7)]
    page.trigger("run", "out", 7)
    assert (page.poll(), page.poll()) == (None, 7)
    started, polled, _ = Answers.queries
    assert started == "endId=e&order=1"
    assert polled == "endId=e&cacheKey=k&job=j&order=2"


def test_a_run_that_ends_without_a_result_raises(page: BareDashPage) -> None:
    Answers.answers += [STARTED, (500, "died")]
    page.trigger("run", "out", 1)
    with pytest.raises(NoResult, match=r"500: \"died\""):
        page.poll()


def test_another_pages_result_counts_as_lost(page: BareDashPage) -> None:
    Answers.answers += [STARTED, ended(2), STARTED, ended(1)]
    assert crowd.of_polled([page]) == (0, 1)
    rate, lost = crowd.of_polled([page])
    assert (rate > 0, lost) == (True, 0)


def test_a_page_that_shows_another_result_raises(page: BareDashPage) -> None:
    Answers.answers += [STARTED, ended(2)]
    page.trigger("run", "out", 1)
    with pytest.raises(NoResult, match="shows 2 in the place of 1"):
        page_times.wait_for_result(page, 1, 0)


@pytest.mark.parametrize("name", ["dash", "dash_style", "taipy", "taipy_style"])
def test_measured_programs_do_not_report_to_the_harness(name: str) -> None:
    adapter = adapters.find(name)
    scenario = program(adapter)
    dialect, backend = adapter.dialects[0], adapter.backends[0]
    assert "probe" in adapter.render(scenario, dialect, backend)
    measured = without_probe(adapter).render(scenario, dialect, backend)
    assert "probe" not in measured
    compile(measured, "app.py", "exec")


def test_the_command_offers_what_can_be_measured() -> None:
    assert (tuple(BACKENDS), tuple(MEASURES)) == (report.BACKENDS, report.MEASURES)


def test_a_table_has_medians_and_the_ratio_of_each_round() -> None:
    slow, fast = {"result": [0.004, 0.002, 0.003]}, {"result": [0.001]}
    both = {"memory of a job": [2048.0], "pages: lost": [1.0], "pages: results in a second": [5.0]}
    measured = Rounds("queue", "ours", "theirs", [(slow | both, fast | both), (fast | both,) * 2])
    _, _, _, _, result, *others = lines(measured)
    assert result == "| result | 2.0 ms | 1.0 ms | 2.00 | 1.00 to 3.00 |"
    assert others == [
        "| memory of a job | 2 KiB | 2 KiB | 1.00 | 1.00 to 1.00 |",
        "| pages: lost | 2 | 2 | | |",
        "| pages: results in a second | 5.0 | 5.0 | 1.00 | 1.00 to 1.00 |",
    ]
