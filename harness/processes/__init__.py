"""Environments, the warm process of each, and the apps forked from it."""

from harness.processes.app import App, AppDidNotStart, Launch
from harness.processes.environment import Environment, EnvironmentNotMade, beside, made_for
from harness.processes.warm import WarmProcess, WarmProcessFailed

__all__ = [
    "App",
    "AppDidNotStart",
    "Environment",
    "EnvironmentNotMade",
    "Launch",
    "WarmProcess",
    "WarmProcessFailed",
    "beside",
    "made_for",
]
