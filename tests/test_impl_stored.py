"""What ``impl_dash_style`` keeps in stores: data that others may write, and what a full cache keeps."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diskcache
import pytest
from flask_caching import Cache

from impl_dash_style import DiskcacheManager, Input, Output
from impl_dash_style.caching import CacheEntry
from impl_dash_style.declaration import declare
from impl_dash_style.job import Job, JobOutcome, outcome_key
from impl_dash_style.labs import FlaskCachingCallbackManager
from impl_dash_style.labs.memory_store import MemoryStore
from impl_dash_style.leases import claim, enqueue
from impl_dash_style.run_store import PageRuns, Run, RunStore
from impl_dash_style.store import KEEP_S, KeyValueStore, signing_secret
from impl_dash_style.trigger import RequestFacts, Trigger

LIMIT_BYTES = 10_000_000
REQUEST = RequestFacts({"user": "Ada"}, {"Host": "a"}, "/?b=1", {"b": "1"}, "127.0.0.1", None)
TRIGGER = Trigger(
    [{"id": {"row": 1}, "property": "children"}],
    [{"id": "run", "property": "n_clicks", "value": {"half a pair": "\ud800", "list": [1, None]}}],
    [],
    ["run.n_clicks"],
    '{"row":1}',
    REQUEST,
)
CALLBACK = declare(
    print, (Output("out", "children"), Input("run", "n_clicks")), {"background": True}
)


def cache_in(folder: Path) -> diskcache.Cache:
    """A cache of 10 MB that evicts what is oldest, as users make them."""
    return diskcache.Cache(str(folder), size_limit=LIMIT_BYTES)


def store_in(folder: Path) -> KeyValueStore:
    with DiskcacheManager(cache_in(folder)).session() as store:
        return store


class Planted:
    """An object whose pickle makes a folder when it is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("size", [0, 100_000])
def test_a_pickle_that_others_put_into_a_cache_is_not_loaded(tmp_path: Path, size: int) -> None:
    store = store_in(tmp_path / "cache")
    planted = Planted(tmp_path / "ran")
    with cache_in(tmp_path / "cache") as others:
        others["key"] = [planted, "x" * size]
        others[planted] = 1
        for number in range(11):
            others.set(f"{number}", b"x" * 1_000_000)
    assert store.get("key") is None
    store.set("later", 1)  # looks at the keys, because the cache is full
    assert not (tmp_path / "ran").exists()


def test_a_pickle_in_a_file_of_flask_caching_is_not_loaded(tmp_path: Path) -> None:
    config = {"CACHE_TYPE": "filesystem", "CACHE_DIR": str(tmp_path / "cache")}
    with FlaskCachingCallbackManager(Cache(config=config)).session() as store:
        store.set("key", [1])
        [file] = [f for f in (tmp_path / "cache").iterdir() if f.read_bytes().endswith(b"[1]")]
        file.write_bytes(file.read_bytes()[:4] + pickle.dumps(Planted(tmp_path / "ran")))
        assert store.get("key") is None
    assert not (tmp_path / "ran").exists()


def test_what_a_cache_holds_of_a_run_is_json(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    with DiskcacheManager(cache).session() as store:
        RunStore(store).set_outcome("run", JobOutcome(response="{}"))
        signing_secret(store)
        assert {type(json.loads(cache[key])) for key in cache} == {dict, str}


def test_runs_and_triggers_come_back_as_they_were_stored(tmp_path: Path) -> None:
    for store in (store_in(tmp_path), MemoryStore()):
        run_store = RunStore(store)
        page_runs = PageRuns({("out", '{"row":1}'): Run("run", 3, cancelled=True)}, {"stop": 2}, 3)
        run_store.save("page", page_runs)
        assert run_store.page_runs("page") == page_runs
        run_store.set_trigger("run", TRIGGER)
        assert run_store.trigger("run") == TRIGGER
        assert CALLBACK.background
        entry = CacheEntry("entry.key", 5.0)
        job = Job("run", "page", CALLBACK, CALLBACK.background, TRIGGER, entry)
        enqueue(store, job)
        claimed = claim(store, "run") or {}
        assert claimed.pop("callback") == CALLBACK.identity
        assert Job.restored(CALLBACK, **claimed) == job


def test_a_full_cache_keeps_the_secret_and_the_runs(tmp_path: Path) -> None:
    run_store = RunStore(store := store_in(tmp_path))
    secret = signing_secret(store)
    run_store.save("page", PageRuns(last=1))
    run_store.set_reference("run", "process 1")
    for number in range(20):
        run_store.set_outcome(f"other {number}", JobOutcome(response="x" * 1_000_000))
    assert signing_secret(store_in(tmp_path)) == secret
    assert run_store.page_runs("page").last == 1
    assert run_store.reference("run") == "process 1"
    assert all(run_store.has_ended(f"other {number}") for number in range(20))


def test_a_full_cache_drops_the_oldest_of_what_may_be_computed_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for number in range(12):
        store.set(f"entry.{number}", "x" * 1_000_000)
    held = [number for number in range(12) if f"entry.{number}" in store]
    assert held == list(range(12 - len(held), 12))
    assert 8 <= len(held) <= 10


def test_a_full_cache_drops_results_that_no_page_has_fetched_for_long(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    outcome = JobOutcome(response="x" * 1_000_000)
    store.set(outcome_key("left"), outcome, expire=KEEP_S - 3600)  # as one from an hour ago
    for number in range(11):
        store.set(outcome_key(f"{number}"), outcome, expire=KEEP_S)
    assert outcome_key("left") not in store
    assert all(outcome_key(f"{number}") in store for number in range(11))


def test_the_program_s_own_cache_object_stays_as_it_is(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    DiskcacheManager(cache)
    assert cache.eviction_policy == "least-recently-stored"
    cache["own"] = {"any": object}
    assert cache["own"] == {"any": object}


def test_a_cache_that_never_evicts_evicts_nothing(tmp_path: Path) -> None:
    cache = diskcache.Cache(str(tmp_path), size_limit=LIMIT_BYTES, eviction_policy="none")
    with DiskcacheManager(cache).session() as store:
        for number in range(12):
            store.set(f"entry.{number}", "x" * 1_000_000)
        assert "entry.0" in store


def test_a_delivered_result_is_dropped_soon_and_its_run_still_has_ended(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    with DiskcacheManager(cache).session() as store:
        run_store = RunStore(store)
        run_store.set_outcome("run", JobOutcome(response="{}"))
        assert run_store.deliver_outcome("run", again=False)
        _, until = cache.get(outcome_key("run"), expire_time=True)
        _, marked_until = cache.get("run.outcome_delivered", expire_time=True)
        assert marked_until - until > 3600
        store.delete(outcome_key("run"))  # as when its time has come
        assert run_store.has_ended("run")
