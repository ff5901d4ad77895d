"""A manager of our Dash style that starts nothing: a test says how its jobs end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from impl_dash_style.caching import CachePolicy
from impl_dash_style.callbacks import Callback
from impl_dash_style.job import Job
from impl_dash_style.labs.memory_store import MemoryStore
from impl_dash_style.manager import JobReference
from impl_dash_style.run_store import RunStore
from impl_dash_style.store import KeyValueStore


class RecordingManager:
    """Starts no process, and notes what it is told to kill."""

    policy = CachePolicy()

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.started: list[Job] = []
        self.killed: list[JobReference] = []

    @contextmanager
    def session(self) -> Iterator[KeyValueStore]:
        yield self.store

    def prepare(self, callbacks: Sequence[Callback]) -> None:
        pass

    def enqueue(self, store: KeyValueStore, job: Job) -> None:
        pass

    def start(self, job: Job) -> None:
        self.started.append(job)
        assert RunStore(self.store).admit(job, f"process of {job.run}")

    def alive(self, reference: JobReference) -> bool:
        return reference not in self.killed

    def kill(self, reference: JobReference) -> None:
        self.killed.append(reference)
