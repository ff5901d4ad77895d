"""Questions through the broker: how workers ask the store in the memory of a server process.

Nothing but the broker connects the two. A question is a function and its arguments; the server calls it with
its store and sends back what it returns. Both are pickled: who may write to the broker may run code here.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import Any, Concatenate, Final
from uuid import uuid4

from kombu.entity import Queue
from kombu.exceptions import KombuError
from kombu.messaging import Consumer, Producer
from kombu.mixins import ConsumerMixin

from ..exceptions import CallbackFailure
from ..store import SIGNING_ENTRY, Ask, P, R, Store
from .memory_store import MemoryStore

_ANSWER_S: Final = 3
"""Seconds to wait for an answer. It takes milliseconds, unless broker or server are gone."""

_HEARTBEAT_S: Final = 10
"""Seconds between two signs of life of the broker, where it has such. A server may wait for long."""

_PICKLED: Final = {"content_type": "application/data", "content_encoding": "binary"}

_inherited: Final[list[Any]] = []
"""Connections of the process from which this one was forked. They are left alone: closing one would end it."""


class ServerKeeper:
    """Keeps everything in the memory of the server process that starts a job. Others do not know it."""

    def __init__(self, celery_app: Any) -> None:
        self._app = celery_app
        self._lock = Lock()
        self._desk: Desk | None = None
        self._store = MemoryStore()
        # The same in all processes, so that a page can go on when its server has been started again. Who
        # knows the broker's address with its password may run code here anyway.
        known = f"impl_dash_style {celery_app.conf.broker_url}"
        self._store.set(SIGNING_ENTRY, sha256(known.encode()).digest())

    @contextmanager
    def session(self) -> Iterator[Store]:
        """Open the store of this process."""
        yield self._store

    def address(self) -> str:
        """Return the queue in which this process is asked. OSError if the broker cannot be reached."""
        with self._lock:
            if self._desk is None or self._desk.process != os.getpid():
                self._desk = Desk(
                    self._app.connection_for_read(heartbeat=_HEARTBEAT_S), self._store
                )
        return self._desk.address()

    def at(self, address: str) -> Ask:
        """Return how a worker asks the server process with this address."""
        return Asker(self._app.connection_for_write, address)


class Desk(ConsumerMixin):
    """Answers questions about the store of a server process, in a thread of its own."""

    def __init__(self, connection: Any, store: Store) -> None:
        self.connection = connection
        self.process = os.getpid()
        self._store = store
        self._queue = _queue()
        self._open = Event()
        Thread(target=self.run, daemon=True).start()

    def address(self) -> str:
        """Return the name of the queue, once it is there. OSError if it cannot be opened."""
        if not self._open.wait(_ANSWER_S):
            raise OSError(f"no queue could be opened in {_ANSWER_S} seconds")
        return str(self._queue.name)

    def get_consumers(self, consumer: Any, _: Any) -> list[Any]:
        return [consumer([self._queue], on_message=self._answer, no_ack=True)]

    def on_consume_ready(self, *_: Any, **__: Any) -> None:
        self._open.set()

    def _answer(self, message: Any) -> None:
        try:
            function, args, kwargs = pickle.loads(message.body)  # noqa: S301  see the module
            answer = True, function(self._store, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  the worker is told
            answer = False, f"{type(error).__name__}: {error}"
        Producer(message.channel).publish(
            pickle.dumps(answer),
            routing_key=message.properties["reply_to"],
            correlation_id=message.properties["correlation_id"],
            **_PICKLED,
        )


class Asker:
    """Asks a server process. Each process that uses it has a connection of its own."""

    def __init__(self, connect: Callable[[], Any], address: str) -> None:
        self._connect, self._address = connect, address
        self._lock = Lock()
        self._line: _Line | None = None

    def __call__(
        self, function: Callable[Concatenate[Store, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        question = pickle.dumps((function, args, kwargs))
        with self._lock:
            done, answer = self._asked(question)
        if not done:
            raise CallbackFailure(f"The server could not answer its worker. {answer}")
        found: R = answer
        return found

    def _asked(self, question: bytes) -> tuple[bool, Any]:
        try:
            if self._line is None or self._line.process != os.getpid():
                _inherited.append(self._line)
                self._line = _Line(self._connect())
            answer: tuple[bool, Any] = pickle.loads(self._line.ask(self._address, question))  # noqa: S301
            return answer
        except (OSError, KombuError, *self._connect().connection_errors) as error:
            self._line = None
            raise CallbackFailure(f"The server cannot be reached. {error!r}") from error


class _Line:
    """A connection to the broker, and a queue for the answers."""

    def __init__(self, connection: Any) -> None:
        self.process = os.getpid()
        self._connection = connection
        self._channel = connection.default_channel
        self._queue = _queue()(self._channel)
        self._answers: dict[str, bytes] = {}
        self._gone = False
        self._producer = Producer(self._channel, on_return=self._returned)
        consumer = Consumer(self._channel, [self._queue], on_message=self._answered, no_ack=True)
        consumer.consume()

    def ask(self, address: str, question: bytes) -> bytes:
        """Return the answer. OSError if there is none in time."""
        id = uuid4().hex
        self._producer.publish(
            question,
            routing_key=address,
            reply_to=self._queue.name,
            correlation_id=id,
            mandatory=True,
            **_PICKLED,
        )
        deadline = time.monotonic() + _ANSWER_S
        while id not in self._answers:
            if self._gone:
                raise OSError("it has ended")
            self._connection.drain_events(timeout=max(0.001, deadline - time.monotonic()))
        return self._answers.pop(id)

    def _returned(self, *_: Any) -> None:
        """The queue of the server is not there: it goes with the server."""
        self._gone = True

    def _answered(self, message: Any) -> None:
        self._answers[message.properties["correlation_id"]] = message.body


def _queue() -> Any:
    """Return a queue that only this process reads, and that goes with its connection."""
    return Queue(f"impl_dash_style.{uuid4().hex}", exclusive=True, auto_delete=True, durable=False)
