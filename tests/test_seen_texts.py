"""What an entry of known failures says was seen tells that failure from others of the same test."""

from __future__ import annotations

import ast

from callback_conformance import places
from callback_conformance.results.known_failures import read_failure_tables

RELEASES = [file.stem for file in places.KNOWN_FAILURES.glob("*.toml")]
SEEN = {(name, str(table["seen"])) for name in RELEASES for table in read_failure_tables(name)}
#: Dash starts a job at a hit, and kills it before or after it has reported: one of two values is seen.
EITHER = {("dash", "on page-2; expected None still")}


def labels() -> set[str]:
    """The messages of the suite's assertions: each stands in whatever violation the assertion finds."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in places.SUITE.glob("*.py")]
    messages = [
        node.msg for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Assert)
    ]
    constants = [node for message in messages if message for node in ast.walk(message)]
    return {str(node.value) for node in constants if isinstance(node, ast.Constant)}


def test_what_was_seen_is_no_part_of_a_message_that_says_what_was_looked_at() -> None:
    all_labels = labels()
    unspecific = {(name, seen) for name, seen in SEEN for label in all_labels if seen in label}
    assert all_labels
    assert unspecific == set()


def test_what_was_seen_of_a_property_begins_with_its_value() -> None:
    unspecific = {
        (name, seen)
        for name, seen in SEEN
        if " on page-" in f" {seen}" and not (" is " in seen or " was " in seen)
    }
    assert unspecific == EITHER
