"""The store of Flask-Caching in a directory, and the temporary directory of a manager that has no cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from flask_caching import Cache

from impl_dash_style import temporary
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.labs import FlaskCachingCallbackManager
from impl_dash_style.store import KeyValueStore

COUNT = """
import sys
from flask_caching import Cache
from impl_dash_style.labs import FlaskCachingCallbackManager
config = {"CACHE_TYPE": "filesystem", "CACHE_DIR": sys.argv[1]}
with FlaskCachingCallbackManager(Cache(config=config)).session() as store:
    for _ in range(int(sys.argv[2])):
        with store.transact("page"):
            store.set("count", (store.get("count") or 0) + 1)
"""
ROOT = Path(__file__).parent.parent


@pytest.fixture
def manager(tmp_path: Path) -> FlaskCachingCallbackManager:
    config = {"CACHE_TYPE": "filesystem", "CACHE_DIR": str(tmp_path / "cache")}
    return FlaskCachingCallbackManager(Cache(config=config))


@pytest.fixture
def store(manager: FlaskCachingCallbackManager) -> KeyValueStore:
    with manager.session() as store:
        return store


def test_no_increment_by_two_processes_is_lost(store: KeyValueStore, tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNT, str(tmp_path / "cache"), "50"]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert store.get("count") == 100


def test_no_increment_by_two_threads_is_lost(store: KeyValueStore) -> None:
    def count() -> None:
        for _ in range(50):
            with store.transact("page"):
                store.set("count", (store.get("count") or 0) + 1)

    threads = [Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("count") == 100


def test_an_entry_can_be_added_once_and_touched_while_it_exists(store: KeyValueStore) -> None:
    assert store.add("key", 1, expire=60)
    assert not store.add("key", 2)
    with store.transact("page"):
        assert store.touch("key", expire=60)
    assert store.get("key") == 1
    store.delete("key")
    assert "key" not in store
    assert not store.touch("key", expire=60)


def test_a_store_keeps_more_entries_than_the_default_of_flask_caching(
    store: KeyValueStore,
) -> None:
    store.set("first", 1)
    for number in range(600):
        store.set(str(number), number)
    assert "first" in store


@pytest.mark.parametrize("kind", ["SimpleCache", "NullCache"])
def test_a_cache_that_processes_do_not_share_raises(kind: str) -> None:
    with pytest.raises(DeclarationError, match=f"{kind} is not shared"):
        FlaskCachingCallbackManager(Cache(config={"CACHE_TYPE": kind}))


def directory_in(group: int | None) -> str:
    """The temporary directory of a new process: of this process group, or of one of its own for 0."""
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            "from impl_dash_style import temporary; print(temporary.directory())",
        ],
        cwd=ROOT,
        process_group=group,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


def test_the_processes_of_a_group_share_a_temporary_directory() -> None:
    directory = directory_in(None)
    assert directory == directory_in(None)
    assert directory != directory_in(0)


def test_a_temporary_directory_that_other_users_may_write_to_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    os.chmod(temporary.directory(), 0o777)
    with pytest.raises(DeclarationError, match="somebody else"):
        temporary.directory()
