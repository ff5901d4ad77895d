"""Remote calls through the broker: how workers reach the store in the memory of a server process.

Nothing but the broker connects the two. A request is the name of a function and its arguments; the server calls
it with its store and sends back what it returns. All of it is JSON, and the functions are those that jobs need:
whoever can write to the broker can tell pages anything, but runs no code here.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import KombuError
from kombu.message import Message
from kombu.messaging import Consumer, Producer
from kombu.mixins import ConsumerMixin

from impl_dash_style import job, leases, side_updates
from impl_dash_style.exceptions import CallbackFailure
from impl_dash_style.labs.memory_store import MemoryStore
from impl_dash_style.store import SIGNING_KEY, KeyValueStore, P, R, StoreCall, StoreFunction, dump

if TYPE_CHECKING:
    from celery import Celery

#: Seconds to wait for a response. It takes milliseconds, unless broker or server are gone.
_RESPONSE_S: Final = 3

#: Seconds between two signs of life of the broker, where it has such. A server may wait for long.
_HEARTBEAT_S: Final = 10

_JSON: Final = {"content_type": "application/json", "content_encoding": "utf-8"}

#: What a worker may call.
_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    f"{function.__module__}.{function.__name__}": function
    for function in (*leases.REMOTE, *job.REMOTE, side_updates.add)
}

#: Channels of the process from which this one was forked. They stay open: closing one would end the parent's.
_inherited: Final[list[_Channel | None]] = []


class BrokerSharedStore:
    """A store in the memory of the server process that starts a job. No other server process shares it."""

    def __init__(self, celery_app: Celery) -> None:
        self._app = celery_app
        self._lock = Lock()
        self._server: RpcServer | None = None
        self._store = MemoryStore()
        # The same in all processes, so that a page can go on after a restart of its server. Whoever has the
        # broker's address with its password can tell pages anything anyway.
        secret = f"impl_dash_style {celery_app.conf.broker_url}"
        self._store.set(SIGNING_KEY, sha256(secret.encode()).hexdigest())

    @contextmanager
    def session(self) -> Iterator[KeyValueStore]:
        """Open the store of this process."""
        yield self._store

    def address(self) -> str:
        """The queue for requests to this process. Raises OSError if the broker cannot be reached."""
        with self._lock:
            if self._server is None or self._server.process != os.getpid():
                connection = self._app.connection_for_read(heartbeat=_HEARTBEAT_S)
                self._server = RpcServer(connection, self._store)
        return self._server.address()

    def remote(self, address: str) -> StoreCall:
        """The call by which a worker reaches the server process with this address."""
        return RpcClient(self._app.connection_for_write, address)


class RpcServer(ConsumerMixin):
    """Executes calls to the store of a server process, in a thread of its own."""

    def __init__(self, connection: Connection, store: KeyValueStore) -> None:
        self.connection = connection
        self.process = os.getpid()
        self._store = store
        self._queue = _queue()
        self._open = Event()
        Thread(target=self.run, daemon=True).start()

    def address(self) -> str:
        """The name of the queue, once it exists. Raises OSError if it cannot be opened."""
        if not self._open.wait(_RESPONSE_S):
            raise OSError(f"no queue could be opened within {_RESPONSE_S} seconds")
        return str(self._queue.name)

    def get_consumers(self, consumer: Callable[..., Consumer], _: object) -> list[Consumer]:
        return [consumer([self._queue], on_message=self._respond, no_ack=True)]

    def on_consume_ready(self, *_: object, **__: object) -> None:
        self._open.set()

    def _respond(self, message: Message) -> None:
        try:
            name, args, kwargs = json.loads(message.body)
            response = True, _FUNCTIONS[name](self._store, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  the worker raises it
            response = False, f"{type(error).__name__}: {error}"
        Producer(message.channel).publish(
            dump(response),
            routing_key=message.properties["reply_to"],
            correlation_id=message.properties["correlation_id"],
            **_JSON,
        )


class RpcClient:
    """Calls a server process. Each process that uses it has a connection of its own."""

    def __init__(self, connect: Callable[[], Connection], address: str) -> None:
        self._connect, self._address = connect, address
        self._lock = Lock()
        self._channel: _Channel | None = None

    def __call__(self, function: StoreFunction[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        request = dump((f"{function.__module__}.{function.__name__}", args, kwargs))
        with self._lock:
            response = self._send(request)
        succeeded, returned = json.loads(response)
        if not succeeded:
            raise CallbackFailure(f"The server could not answer its worker. {returned}")
        value: R = returned
        return value

    def _send(self, request: str) -> bytes:
        """The response. Raises CallbackFailure if the server cannot be reached."""
        try:
            if self._channel is None or self._channel.process != os.getpid():
                _inherited.append(self._channel)
                self._channel = _Channel(self._connect())
            return self._channel.call(self._address, request)
        except (OSError, KombuError, *self._connect().connection_errors) as error:
            self._channel = None
            raise CallbackFailure(f"The server cannot be reached. {error!r}") from error


class _Channel:
    """A connection to the broker, and a queue for the responses."""

    def __init__(self, connection: Connection) -> None:
        self.process = os.getpid()
        self._connection = connection
        channel = connection.default_channel
        self._queue = _queue()(channel)
        self._responses: dict[str, bytes] = {}
        self._server_is_gone = False
        self._producer = Producer(channel, on_return=self._on_return)
        Consumer(channel, [self._queue], on_message=self._on_response, no_ack=True).consume()

    def call(self, address: str, request: str) -> bytes:
        """The response. Raises OSError if none arrives in time."""
        id = uuid4().hex
        self._producer.publish(
            request,
            routing_key=address,
            reply_to=self._queue.name,
            correlation_id=id,
            mandatory=True,
            **_JSON,
        )
        deadline = time.monotonic() + _RESPONSE_S
        while id not in self._responses:
            if self._server_is_gone:
                raise OSError("the server has ended")
            self._connection.drain_events(timeout=max(0.001, deadline - time.monotonic()))
        return self._responses.pop(id)

    def _on_return(self, *_: object) -> None:
        """The server's queue does not exist: it goes with the server."""
        self._server_is_gone = True

    def _on_response(self, message: Message) -> None:
        self._responses[message.properties["correlation_id"]] = message.body


def _queue() -> Queue:
    """A queue that only this process reads, and that goes with its connection."""
    return Queue(f"impl_dash_style.{uuid4().hex}", exclusive=True, auto_delete=True, durable=False)
