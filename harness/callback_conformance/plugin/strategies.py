"""What hypothesis draws: the same values in each run, unless the command line asks for others.

A release may fail a test in more than one way, and what is drawn decides in which: known failures hold for ``SEED``.
``--hypothesis-seed=N`` draws other values.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from callback_conformance.processes import user_cache
from callback_conformance.session.open_page import OpenPage

PROFILE = "conformance"
SEED = 1
EXACT = 2**53  # beyond it a browser rounds integers
SECONDS = 5.0  # for all examples on one page: some tens on the wire, some in a browser
EXAMPLES = 10  # each opens an app, which takes some 0.1 s

settings.register_profile(
    PROFILE,
    max_examples=EXAMPLES,
    deadline=None,  # a busy machine is no failure
    database=None,  # no run depends on an earlier one
    phases=(Phase.explicit, Phase.generate),  # to shrink a failure would cost a page each time
    report_multiple_bugs=False,  # so that a failure is the violation itself, not a group of them
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def configure(config: pytest.Config) -> None:
    """Choose the profile, and the seed if the command line chose none."""
    settings.load_profile(PROFILE)
    set_hypothesis_home_dir(user_cache() / "hypothesis")  # not in the folder of the run
    if config.option.hypothesis_seed is None:  # its own plugin takes the option from there
        config.option.hypothesis_seed = SEED


def json_values() -> st.SearchStrategy[Any]:
    """Small JSON values of every kind, none of which is both an integer and a float: JSON does not tell
    ``1`` from ``1.0``, and an implementation may."""
    fractions = st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda n: not n.is_integer()
    )
    alike = st.sampled_from(["0", "1", "None", "null", "True", "[]", "{}"])
    scalars = st.none() | st.booleans() | st.integers(-EXACT, EXACT) | fractions | alike
    keys = st.text(max_size=3)
    return st.recursive(
        scalars | st.text(max_size=4),
        lambda part: st.lists(part, max_size=3) | st.dictionaries(keys, part, max_size=3),
        max_leaves=6,
    )


def for_each(values: st.SearchStrategy[Any], holds: Callable[[Any], None]) -> None:
    """Draw values, and let ``holds`` say of each that it is right: many values on one page, and after
    ``SECONDS`` no more. The first failure is raised as it is: hypothesis would have it once more, and the
    page is no longer the same."""
    failed: list[AssertionError] = []
    tried, give_up = itertools.count(), time.monotonic() + SECONDS

    @given(values)
    def each(value: Any) -> None:
        if failed:
            raise failed[0]
        if next(tried) and time.monotonic() > give_up:
            return
        try:
            holds(value)
        except AssertionError as failure:
            failed.append(failure)
            raise

    each()


def json_lists(length: int) -> st.SearchStrategy[list[Any]]:
    """So many JSON values."""
    return st.lists(json_values(), min_size=length, max_size=length)


def groupings() -> st.SearchStrategy[Any]:
    """Groupings of properties of the stores ``s0``, ``s1`` and so on, each with a list, tuple or dictionary
    within it."""
    names = st.sampled_from(["one", "two", "left", "right"])
    inner = st.recursive(st.none(), _grouped(names), max_leaves=4).filter(
        lambda part: part is not None
    )
    return inner.map(_with_properties)


def _grouped(names: st.SearchStrategy[str]) -> Any:
    def around(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(part, min_size=1, max_size=3)
        named = st.dictionaries(names, part, min_size=1, max_size=3)
        return several | several.map(tuple) | named

    return around


def _with_properties(grouping: Any) -> Any:
    """The grouping with a property of a store of its own in each of its places."""
    numbers = itertools.count()

    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: filled(inner) for name, inner in part.items()}
        if isinstance(part, (list, tuple)):
            return type(part)(map(filled, part))
        return f"s{next(numbers)}.data"

    return filled(grouping)


def drawn(
    examples: int = EXAMPLES, /, **strategies: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Any]:
    """Run a test once for each of some drawn arguments; each time nothing is open yet."""

    def decorate(test: Callable[..., None]) -> Any:
        @settings(max_examples=examples)
        @given(**strategies)
        @functools.wraps(test)
        def each(open_page: OpenPage, **values: Any) -> None:
            open_page.begin_anew()
            test(open_page=open_page, **values)

        return each

    return decorate


#: Texts that a program can hold and a page can show; braces mean something to the scenario language.
TEXTS = st.text(
    st.characters(exclude_categories=["C"], exclude_characters="{}"), min_size=1, max_size=20
)

#: Values that JSON carries as they are.
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
