"""What a backend can have beside the jobs that it runs, and what tests may therefore need."""

from __future__ import annotations

from enum import Enum


class Capability(Enum):
    """A member's value is its name in a declaration; its ``description`` completes "the backend has …"."""

    SHARED_RESULTS = ("shared results", "results that every server process can read")
    WORKERS = ("workers", "workers that take jobs from a queue")
    QUEUE = ("queue", "a queue in a service that can lose it")
    CELERY_APP = ("Celery app", "a manager that takes a Celery app")
    STOPPABLE_STORE = ("stoppable store", "a store in a service that can stop")
    OWN_STORE = ("own store", "a manager that can create its store itself")
    OBSERVABLE_STORE = ("observable store", "a store that reports its reads and writes")
    OBSERVABLE_POLLS = ("observable polls", "a manager that can be held in the middle of a poll")
    EMPTIABLE_STORE = ("emptiable store", "a store that can be emptied from outside")
    OWN_PROCESSES = ("own processes", "a process of its own beside the server for each job")
    FILLABLE_STORE = ("fillable store", "a store that can be filled up from outside")
    LIMITED_STORE = (
        "limited store",
        "a store whose limit the program sets, and that then drops entries",
    )
    WRITABLE_FOLDER = ("writable folder", "a store in a folder whose format the suite can write")
    WRITABLE_SERVICE = ("writable service", "a store in a service whose format the suite can write")

    description: str

    def __new__(cls, name: str, description: str) -> Capability:
        member = object.__new__(cls)
        member._value_ = name
        member.description = description
        return member


#: What every backend has unless it declares otherwise.
EMBEDDED = frozenset({Capability.SHARED_RESULTS, Capability.OWN_STORE})

#: What a store in a folder adds: the harness reaches its files, and the program wraps it.
IN_A_FOLDER = EMBEDDED | {
    Capability.OBSERVABLE_STORE,
    Capability.OBSERVABLE_POLLS,
    Capability.EMPTIABLE_STORE,
    Capability.FILLABLE_STORE,
    Capability.LIMITED_STORE,
    Capability.WRITABLE_FOLDER,
    Capability.OWN_PROCESSES,
}

#: What a store in Redis adds.
IN_REDIS = frozenset(
    {
        Capability.STOPPABLE_STORE,
        Capability.EMPTIABLE_STORE,
        Capability.FILLABLE_STORE,
        Capability.WRITABLE_SERVICE,
    }
)
