"""Programs with a probe, which stand for a job or a server under test."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable

from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline

StartProgram = Callable[..., subprocess.Popen[str]]

SECONDS = 20.0  # what a process has not done until then it never does, on however busy a machine

STARTS = 'import os, sys, threading, probe; probe.started("job", n=1);'
WAITS = f'{STARTS} probe.gate("gate");'


def events(timeline: Timeline, source: str) -> list[str]:
    """What one source was seen to do."""
    return [event.what for event in timeline if event.source == source]


def hello(controller: JobController, pid: int) -> socket.socket:
    """Connect as a job of the process ``pid`` does."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(controller.path)
    message = {"verb": "started", "job": "job", "arguments": {}, "pid": pid, "thread": 1, "at": 0.0}
    connection.sendall(json.dumps({**message, "process": True}).encode() + b"\n")
    return connection


def wait_until_heard(controller: JobController, start_program: StartProgram) -> None:
    """Return when all that was reported until now has been heard: when the second of two jobs that start one
    after the other is heard, all that was reported before the first has been."""
    for _ in range(2):
        start_program(WAITS)
        controller.next_job().wait_for_gate("gate")


def dead() -> int:
    """The id of a process that has ended and was reaped."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(SECONDS)
    return process.pid
