"""``make fuzz``: what it sends, and what it says of servers that fail."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.page import RawRequest
from tools.fuzz.__main__ import main
from tools.fuzz.odd_requests import Edit, Recipe
from tools.fuzz.visitors import Visitors

TRIGGER = RawRequest("/do", "a=1&b=2", b'{"id": "x", "values": [1, 2]}', {"Kind": "json"})


def changed(part: str, how: str, place: int, text: str = "", count: int = 1) -> bytes:
    return Recipe(0, [Edit(part, how, place, (text, count, ""))]).of([TRIGGER], "c=1")


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (changed("json", "become", 0, "NaN"), b'{"id": NaN, "values": [1, 2]}'),
        (changed("json", "twice", 0, "3"), b'{"id": "x","id":3, "values": [1, 2]}'),
        (changed("json", "twice", 2, "[", 3), b'{"id": "x", "values": [1,[[[, 2]}'),
        (changed("json", "dropped", 4), b'{"values": [1, 2]}'),
        (changed("body", "become", 7, "ab", 2), b"abab"),
        (changed("body", "twice", 1, "\0"), b'{\0"id": "x", "values": [1, 2]}'),
        (changed("body", "dropped", 5), b'{"id"'),
    ],
)
def test_a_body_is_changed_in_one_place_and_its_length_told(message: bytes, body: bytes) -> None:
    head, _, sent = message.partition(b"\r\n\r\n")
    assert sent == body
    assert head.endswith(b"\r\nContent-Length: %d" % len(body))


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (changed("head", "become", 0, "x"), b"x /do?a=1&b=2 HTTP/1.1"),
        (
            changed("head", "become", 3, "\xff"),
            b"POST /do?a=\xff&b=2 HTTP/1.1",
        ),
        (changed("head", "dropped", 1), b"POST ?a=1&b=2 HTTP/1.1"),
    ],
)
def test_a_head_is_changed_in_one_place(message: bytes, line: bytes) -> None:
    assert message.partition(b"\r\n")[0] == line


def fuzzed(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> int:
    """Run it for two short rounds; what it leaves is in the folder."""
    monkeypatch.setattr("tools.fuzz.run.EXAMPLES", 40)
    monkeypatch.setattr("sys.argv", ["fuzz", "--out", str(folder / "left.json"), *words])
    return main()


def test_our_servers_answer_whatever_they_are_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setups = "dash_style/diskcache", "taipy_style/thread"
    assert fuzzed(monkeypatch, tmp_path, "--seconds=0.1", "--seed=7", *setups) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("seed 7, ")
    assert printed.endswith("seed 7: nothing failed\n")
    assert not (tmp_path / "left.json").exists()


@pytest.mark.parametrize(
    ("server", "says"),
    [
        ("answers_500", "a request is answered with 500: failed"),
        ("keeps_threads", "no fewer within"),
        ("dies", "FAILED: "),  # who meets it first, the request or a page beside it, is chance
    ],
)
def test_a_server_that_fails_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    server: str,
    says: str,
) -> None:
    monkeypatch.setattr("tools.fuzz.run.QUIET_SECONDS", 3)
    assert fuzzed(monkeypatch, tmp_path, "--seconds=0.1", f"tests.fuzzed:{server}") == 1
    assert says in capsys.readouterr().out


def test_what_failed_can_be_sent_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = tmp_path / "left.json"
    refused = Recipe(0, [Edit("head", "become", 1, ("/no-such-address", 1, ""))])
    left.write_text(json.dumps([asdict(refused)]), "utf-8")
    assert fuzzed(monkeypatch, tmp_path, f"--replay={left}", "tests.fuzzed:answers_500") == 1
    assert "a request is answered with 500: failed" in capsys.readouterr().out
    assert fuzzed(monkeypatch, tmp_path, f"--replay={left}", "taipy_style") == 0


def test_a_page_beside_it_that_loses_a_result_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose(_: Visitors) -> None:
        raise Violation("out.children is '' on page-2; expected 'user-2 7'")

    monkeypatch.setattr(Visitors, "overhear", lambda _: [RawRequest("/", method="GET")])
    monkeypatch.setattr(Visitors, "_work", lose)
    assert fuzzed(monkeypatch, tmp_path, "--seconds=0.1", "taipy_style/thread") == 1
    out = capsys.readouterr().out
    assert "a page beside it lost what it waited for: out.children is '' on page-2" in out
