"""Environments, the warm process of each, and the apps forked from it."""

from harness.processes.app import App, AppDidNotStart, AppEnded, Launch
from harness.processes.environment import (
    Environment,
    EnvironmentNotMade,
    beside,
    kept_for_user,
    made_for,
)
from harness.processes.warm import WarmProcess, WarmProcessFailed
from harness.processes.worker import WorkerDidNotStart, WorkerProcess

__all__ = [
    "App",
    "AppDidNotStart",
    "AppEnded",
    "Environment",
    "EnvironmentNotMade",
    "Launch",
    "WarmProcess",
    "WarmProcessFailed",
    "WorkerDidNotStart",
    "WorkerProcess",
    "beside",
    "kept_for_user",
    "made_for",
]
