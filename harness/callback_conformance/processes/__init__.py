"""Environments, the warm process of each, and the apps forked from it."""

from callback_conformance.processes.app import App, AppDidNotStart, AppEnded, Launch
from callback_conformance.processes.environment import (
    Environment,
    EnvironmentNotMade,
    environment_for,
    suite_environment,
    user_cache,
)
from callback_conformance.processes.trouble import NotDecided
from callback_conformance.processes.warm import WarmProcess, WarmProcessFailed
from callback_conformance.processes.worker import WorkerDidNotStart, WorkerProcess

__all__ = [
    "App",
    "AppDidNotStart",
    "AppEnded",
    "Environment",
    "EnvironmentNotMade",
    "Launch",
    "NotDecided",
    "WarmProcess",
    "WarmProcessFailed",
    "WorkerDidNotStart",
    "WorkerProcess",
    "environment_for",
    "suite_environment",
    "user_cache",
]
