"""What the conformance suite cannot observe of caching: the keys, and what the job of a given-up run leaves."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import OrderedDict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import diskcache
import pytest

from impl_dash_style import DiskcacheManager, Input, Output, State
from impl_dash_style.caching import CacheEntry, CacheOptions, CachePolicy
from impl_dash_style.declaration import declare
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.fingerprint import NoFingerprint, fingerprint
from impl_dash_style.job import Job, given_up_key, outcome_key, perform
from impl_dash_style.store import local
from impl_dash_style.trigger import RequestFacts, Trigger
from impl_dash_style.wire import PropValue

NO_REQUEST = RequestFacts({}, {}, "/", {}, None, None)

VALUES = (
    "[None, True, 1, 1.0, '1', b'1', (1,), [1], {1}, {1: 2}, {'b': 1, 'a': {'y', 'x', 'z'}},"
    " UUID(int=1), Decimal('1.5'), Path('a'), datetime(2020, 1, 1, tzinfo=UTC), OrderedDict(a=1),"
    " SimpleNamespace(a={'p', 'q', 'r'}), int, len]"
)
IMPORTS = (
    "from collections import OrderedDict; from datetime import UTC, datetime;"
    " from decimal import Decimal; from pathlib import Path; from types import SimpleNamespace;"
    " from uuid import UUID; from impl_dash_style.fingerprint import fingerprint;"
)


def values() -> list[Any]:
    """``VALUES`` as objects, made anew at each call."""
    types = (OrderedDict, datetime, Decimal, Path, SimpleNamespace, UUID)
    return list(eval(VALUES, {"UTC": UTC, **{type.__name__: type for type in types}}))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_fingerprint_is_the_same_in_every_process(seed: str) -> None:
    program = f"{IMPORTS} print(*map(fingerprint, {VALUES}), sep='\\n')"
    process = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": seed},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines() == [fingerprint(value) for value in values()]


def test_different_values_have_different_fingerprints() -> None:
    texts = [fingerprint(value) for value in values()]
    assert len(set(texts)) == len(texts)


def test_equal_values_have_the_same_fingerprint_whatever_objects_they_consist_of() -> None:
    text = "a" * 3
    assert fingerprint((text, text)) == fingerprint(("aaa", "".join(["a", "aa"])))
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


class Empty:
    """A class without fields, whose objects differ by identity alone."""


@pytest.mark.parametrize("value", [object(), Empty(), lambda: 1, threading.Lock()])
def test_the_fingerprint_of_an_object_without_a_stable_value_raises(value: Any) -> None:
    with pytest.raises(NoFingerprint, match="return a string, a number, or a tuple"):
        fingerprint(value)


def entry(values: dict[str, Any], caching: CacheOptions, callback: str = "c") -> CacheEntry:
    """The entry that a callback with a cache has for these values of its arguments."""
    policy = CachePolicy(cache_by=(lambda: 1,), expire=5)
    cache_entry = caching.entry(callback, policy, values, "page")
    assert cache_entry is not None
    return cache_entry


def test_a_key_distinguishes_arguments_by_their_json() -> None:
    caching = CacheOptions(("a.v",))
    arguments = [1, "1", True, None, [], {}, "", 0, False, [1], [[1]], {"a": 1}, 1.5]
    keys = [entry({"a.v": argument}, caching).key for argument in arguments]
    assert len(set(keys)) == len(keys)
    assert entry({"a.v": {"x": 1, "y": [2.0]}}, caching) == entry(
        {"a.v": {"y": [2], "x": 1}}, caching
    )


def test_a_key_belongs_to_one_callback() -> None:
    assert entry({}, CacheOptions(())) != entry({}, CacheOptions(()), callback="d")


def test_an_exception_in_a_cache_by_function_is_passed_on() -> None:
    def fails() -> None:
        raise OSError("no such data")

    with pytest.raises(OSError, match="no such data"):
        CacheOptions((), (fails,), enabled=True).entry("c", CachePolicy(), {}, "page")


def test_a_dependency_in_cache_by_that_is_not_the_callbacks_own_raises() -> None:
    arguments = [Input("a", "v"), State("b", "v")]
    assert CacheOptions.declare(arguments, [State("b", "v")]).arguments == ("b.v",)
    with pytest.raises(DeclarationError, match=r"c\.v is not an input or state"):
        CacheOptions.declare(arguments, [Input("c", "v")])


@pytest.mark.parametrize("given_up", [False, True])
def test_a_job_stores_its_outcome_and_cache_entry_unless_its_run_was_given_up(
    tmp_path: Path, given_up: bool
) -> None:
    callback = declare(
        lambda value: value,
        (Output("out", "v"), Input("a", "v")),
        {"background": True, "cache_by": lambda: 1},
    )
    changed: PropValue = {"id": "a", "property": "v", "value": 1}
    trigger = Trigger([{"id": "out", "property": "v"}], [changed], [], ["a.v"], "{}", NO_REQUEST)
    assert callback.background is not None
    with DiskcacheManager(diskcache.Cache(str(tmp_path))).session() as store:
        if given_up:
            store.set(given_up_key("run"), True)
        perform(
            Job("run", "page", callback, callback.background, trigger, CacheEntry("key", None)),
            local(store),
        )
        assert (outcome_key("run") in store, "key" in store) == (not given_up, not given_up)
