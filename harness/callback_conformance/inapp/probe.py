"""What a native app reports of its jobs, and the gates at which they wait: the app's only link to a test.

Runs inside an implementation's own environment: standard library only, Python 3.8. Under a test the
messages go over a Unix socket named by ``PROBE_SOCKET``. Without one they are printed and every gate is
open, so that a native app runs unchanged by hand.
"""

import json
import os
import socket
import threading
import time
from typing import Any, Optional, TextIO

_local = threading.local()


def started(job: str, /, **arguments: Any) -> None:
    """Report that ``job`` has started with these arguments, and wait until the test lets it go on."""
    main = threading.current_thread() is threading.main_thread()
    _request("started", job=job, arguments=arguments, process=main)


def gate(name: str) -> str:
    """Wait at the gate until the test releases it. Return the word that the test released it with (by hand:
    the gate's name)."""
    return _request("gate", gate=name) or name


def hit(point: str) -> None:
    """Report that ``point`` was reached (a read of a store, say); wait only if the test holds it."""
    _request("hit", point=point)


def emit(event: str, /, **facts: Any) -> None:
    """Report an event without waiting for an answer."""
    _send("emit", event=event, facts=facts)


def finished() -> None:
    """Report that the job which started last in this thread is over, and that all it leaves is stored: for
    workers whose processes and threads go on to the next job."""
    if getattr(_local, "owner", None) == os.getpid():
        _send("finished")


def detach(event: str) -> None:
    """Report ``event``, and that from here on the job runs without end or another report."""
    _send("detach", event=event)


def _request(verb: str, **facts: Any) -> str:
    stream = _send(verb, **facts)
    if stream is None:
        return ""
    return stream.readline().rstrip("\n")  # a word, or the end of the test: either way, go on


def _send(verb: str, **facts: Any) -> Optional[TextIO]:
    stream = _stream()
    sender = {"pid": os.getpid(), "thread": threading.get_ident()}
    message = dict(facts, verb=verb, at=time.monotonic(), **sender)
    if stream is None:
        print("probe:", verb, *facts.values(), flush=True)
        return None
    stream.write(json.dumps(message, default=repr) + "\n")
    stream.flush()
    return stream


def _stream() -> Optional[TextIO]:
    """One connection for each thread of each process, closed when the thread or the process ends."""
    path = os.environ.get("PROBE_SOCKET")
    if not path:
        return None
    if getattr(_local, "owner", None) != os.getpid():
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        _local.stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        connection.close()  # the stream keeps the descriptor open, and closes it with the thread
        _local.owner = os.getpid()
    stream: TextIO = _local.stream
    return stream
