"""What hypothesis draws for the suite."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callback_conformance.adapters.emitter import Emitter
from callback_conformance.adapters.source import flat
from callback_conformance.plugin.strategies import VALUES, drawn, for_each, groupings
from callback_conformance.scenario import leaves
from tests.tiny import Tiny, text

pytest_plugins = ["pytester"]

DRAWING = """\
from hypothesis import strategies as st
from callback_conformance.plugin.strategies import drawn

seen = []

@covers("ONE-1")
@drawn(3, number=st.integers())
def test_first(open_page, number):
    seen.append(number)
    page = opened(open_page)
    assert page.name == "page-1"

@covers("ONE-2")
@drawn(number=st.integers(0, 10**6))
def test_second(open_page, number):
    print("drawn", number)
"""


class Opens:
    """Stands in for ``open_page`` and counts how often it began anew."""

    begun = 0

    def begin_anew(self) -> None:
        self.begun += 1


def test_each_drawn_argument_finds_nothing_open() -> None:
    seen: list[tuple[int, int]] = []

    @drawn(3, number=st.integers())
    def test(open_page: Any, number: int) -> None:
        seen.append((open_page.begun, number))

    test(open_page=Opens())
    assert [begun for begun, _ in seen] == [1, 2, 3]


def test_each_is_a_page_of_its_own_and_the_seed_stands_in_the_head(tiny: Tiny) -> None:
    tiny.write(DRAWING)
    result = tiny.apart("-s")
    result.assert_outcomes(passed=2)
    [head] = [line for line in result.outlines if line.startswith("drawn values:")]
    again = text(tiny.apart("-s", head.removeprefix("drawn values: ")))
    other = text(tiny.apart("-s", "--hypothesis-seed=2"))
    assert _drawn(text(result)) == _drawn(again) != _drawn(other)


def _drawn(printed: str) -> list[str]:
    drawn_lines = [
        line for line in printed.splitlines() if "drawn " in line and "values" not in line
    ]
    assert drawn_lines
    return drawn_lines


@given(VALUES)
def test_any_value_stands_in_a_program_as_it_is(value: Any) -> None:
    assert ast.literal_eval(flat(Emitter().literal(value))) == value


@pytest.mark.parametrize("seed", ["--hypothesis-seed=7"])
def test_a_seed_that_is_given_is_the_one_that_is_shown(tiny: Tiny, seed: str) -> None:
    tiny.write(DRAWING)
    assert f"drawn values: {seed}" in tiny.apart(seed).outlines


@given(groupings())
def test_a_grouping_holds_each_of_its_properties_once(grouping: Any) -> None:
    properties = list(leaves(grouping))
    assert properties == [f"s{number}.data" for number in range(len(properties))]
    assert properties
    assert not isinstance(grouping, str)


def test_the_first_failure_of_drawn_values_is_raised_as_it_was() -> None:
    seen: list[int] = []

    def holds(value: int) -> None:
        seen.append(value)
        assert len(seen) < 3, "the third"

    with pytest.raises(AssertionError, match="the third"):
        for_each(st.integers(), holds)
    assert len(seen) == 3
