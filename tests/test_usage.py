"""What processes use of the system, and what stores keep for good."""

from __future__ import annotations

import os
import struct
import threading
from pathlib import Path

import diskcache

from callback_conformance.backends.stores import FolderStore
from callback_conformance.processes.usage import Usage, usage_of
from tests.probed import dead


def test_what_a_process_opens_and_starts_is_counted() -> None:
    before = usage_of([os.getpid()])
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    descriptors = os.pipe()
    try:
        assert usage_of([os.getpid()]) == Usage(1, before.threads + 1, before.descriptors + 2)
    finally:
        waiting.set()
        thread.join()
        for descriptor in descriptors:
            os.close(descriptor)


def test_a_process_that_has_ended_uses_nothing() -> None:
    assert usage_of([dead()]) == Usage(0, 0, 0)


def test_one_kind_of_use_is_enough_to_be_too_much() -> None:
    most = Usage(1, 2, 3).plus(10)
    assert Usage(11, 12, 13).is_within(most)
    for more in (Usage(12, 0, 0), Usage(0, 13, 0), Usage(0, 0, 14)):
        assert not more.is_within(most)
    assert str(most) == "11 processes, 12 threads, 13 descriptors"


def test_rows_and_files_without_an_expiry_time_are_counted(tmp_path: Path) -> None:
    with diskcache.Cache(tmp_path / "rows") as cache:
        cache.set("for good", 1)
        cache.set("for an hour", 2, expire=3600)
    (tmp_path / "files").mkdir()
    for name, expiry_time in (("for-good", 0), ("for-an-hour", 2_000_000_000), ("as-well", 0)):
        (tmp_path / "files" / name).write_bytes(struct.pack("I", expiry_time) + b"a value")
    assert FolderStore(tmp_path, ["rows"]).lasting_values() == 1
    assert FolderStore(tmp_path, ["rows", "files"]).lasting_values() == 3
