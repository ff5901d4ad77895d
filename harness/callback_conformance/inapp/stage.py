"""What a native app says of its jobs, and where it waits: the app's only link to a test.

Runs inside an implementation's own environment: standard library only, Python 3.8. Under a test the
words go over a Unix socket named by ``STAGE_SOCKET``; without one they are printed and nothing waits,
so that a native app runs unchanged by hand.
"""

import json
import os
import socket
import threading
import time
from typing import Any, Optional, TextIO

_local = threading.local()


def enter(job: str, /, **arguments: Any) -> None:
    """Say that ``job`` has started with these arguments, and wait until the test lets it go on."""
    main = threading.current_thread() is threading.main_thread()
    _ask("enter", job=job, arguments=arguments, process=main)


def reach(gate: str) -> str:
    """Say that the job stands at ``gate``, wait there until the test releases it, and return the word
    that the test gave it for the way (by hand: the gate's name)."""
    return _ask("reach", gate=gate) or gate


def passes(point: str) -> None:
    """Say that ``point`` was passed (a read of a store, say); wait only if the test holds it."""
    _ask("passes", point=point)


def say(word: str, /, **facts: Any) -> None:
    """Say something without waiting for an answer."""
    _send("say", word=word, facts=facts)


def leave() -> None:
    """Say that the job which entered last in this thread is over, and all that it left is stored: for
    workers whose processes and threads go on to the next job."""
    if getattr(_local, "owner", None) == os.getpid():
        _send("leave")


def adrift(word: str) -> None:
    """Say that the job goes on by itself from here, without end and without another word."""
    _send("adrift", word=word)


def _ask(verb: str, **facts: Any) -> str:
    connection = _send(verb, **facts)
    if connection is None:
        return ""
    return connection.readline().rstrip("\n")  # a word, or the end of the test: either way, go on


def _send(verb: str, **facts: Any) -> Optional[TextIO]:
    connection = _connection()
    me = {"pid": os.getpid(), "thread": threading.get_ident()}
    message = dict(facts, verb=verb, at=time.monotonic(), **me)
    if connection is None:
        print("stage:", verb, *facts.values(), flush=True)
        return None
    connection.write(json.dumps(message, default=repr) + "\n")
    connection.flush()
    return connection


def _connection() -> Optional[TextIO]:
    """One connection for each thread of each process, closed when the thread or the process ends."""
    path = os.environ.get("STAGE_SOCKET")
    if not path:
        return None
    if getattr(_local, "owner", None) != os.getpid():
        link = socket.socket(socket.AF_UNIX)
        link.connect(path)
        _local.stream = link.makefile("rw", encoding="utf-8", newline="\n")
        link.close()  # the stream keeps the descriptor open, and closes it with the thread
        _local.owner = os.getpid()
    stream: TextIO = _local.stream
    return stream
