"""What the manager of a Dash program is constructed with: a cache, a Celery app, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent
from typing import TypeAlias

from callback_conformance.adapters.dash.emitter import DashEmitter
from callback_conformance.adapters.emitter import PROBE
from callback_conformance.adapters.source import Node, call, opened
from callback_conformance.backends.celery import BROKER, RESULTS, celery_app
from callback_conformance.scenario import Manager

REDIS = "redis://localhost:6379/0"
FULL = "FullDisk"  # the class of a store that can fill
LIMIT_BYTES, LIMIT_ENTRIES = "1_000_000", 20  # of a store with a limit


@dataclass(frozen=True)
class StoreSource:
    """What a program says of the store of one manager."""

    #: The manager's first argument; None: it has none.
    argument: Node | None = None
    #: The statements above the manager.
    lines: tuple[str, ...] = ()


#: Writes the store of a manager, which may be one of ``several``.
WriteStore: TypeAlias = Callable[[DashEmitter, Manager, bool], StoreSource]


def store(emitter: DashEmitter, manager: Manager, several: bool) -> StoreSource:
    """The store of a manager; a third party's manager has none in the program."""
    backend = "diskcache" if manager.embedded else emitter.names.backend
    return StoreSource() if ":" in backend else _STORES[backend](emitter, manager, several)


def watched(emitter: DashEmitter, manager: Manager) -> list[str]:
    """The statements below a third party's manager, whose store is its own affair."""
    if ":" not in emitter.names.backend or not manager.instrumented:
        return []
    emitter.module(PROBE)
    emitter.define(WATCH)
    return [f'watch({manager.name}, "{manager.name}")']


def _diskcache(emitter: DashEmitter, manager: Manager, several: bool) -> StoreSource:
    base = f"{emitter.module('diskcache')}.Cache"
    instrumented = _instrumented(base, "key, *args, **kwargs", "self.directory")
    name = _cache_class(emitter, manager, base, instrumented, DISKCACHE_FULL)
    if name == FULL:
        emitter.module("sqlite3")
    limit = {"size_limit": LIMIT_BYTES} if manager.limited else {}
    return StoreSource(call(name, f'"./{manager.name}"', **limit))


def _flask_caching(emitter: DashEmitter, manager: Manager, several: bool) -> StoreSource:
    base = emitter.name("flask_caching", "Cache")
    instrumented = _instrumented(base, "*args, **kwargs", "self.config['CACHE_DIR']")
    name = _cache_class(emitter, manager, base, instrumented, FLASK_CACHING_FULL)
    config: dict[str, object] = {"CACHE_TYPE": "filesystem", "CACHE_DIR": f"./{manager.name}"}
    if manager.limited:
        config["CACHE_THRESHOLD"] = LIMIT_ENTRIES
    return StoreSource(call(name, config=emitter.literal(config)))


def _cache_class(
    emitter: DashEmitter, manager: Manager, base: str, instrumented: str, full: str
) -> str:
    """The name of the class of a manager's cache, which is defined above the app if it is not ``base``."""
    if not (manager.instrumented or manager.can_fill):
        return base
    emitter.module("os")
    if manager.instrumented:
        emitter.module(PROBE)
        emitter.define(instrumented)
        return "InstrumentedCache"
    emitter.define(full)
    return FULL


def _celery(emitter: DashEmitter, manager: Manager, several: bool) -> StoreSource:
    results = _environment(emitter, RESULTS, REDIS)
    broker = _environment(emitter, BROKER, REDIS)
    if not manager.instrumented:
        return _celery_app(emitter, manager, several, broker=broker, backend=results)
    for module in ("redis", PROBE):
        emitter.module(module)
    emitter.name("celery.backends.redis", "RedisBackend")
    emitter.define(REDIS_INSTRUMENTED)
    address = f"{manager.name}_results"
    backend = f'f"{{__name__}}:InstrumentedBackend+{{{address}}}"'
    source = _celery_app(emitter, manager, several, broker=broker, backend=backend)
    return StoreSource(source.argument, (f"{address} = {results}", *source.lines))


def _celery_rpc(emitter: DashEmitter, manager: Manager, several: bool) -> StoreSource:
    broker = _environment(emitter, BROKER, "pyamqp://")
    return _celery_app(emitter, manager, several, broker=broker, backend='"rpc://"')


def _celery_app(
    emitter: DashEmitter, manager: Manager, several: bool, **addresses: Node
) -> StoreSource:
    """The Celery app of a manager: if it is one of several, with a name and a queue of its own."""
    if not manager.keeps_results:
        del addresses["backend"]
    name = celery_app(manager.name)
    main = f'"{manager.name}"' if several or manager.instrumented else "__name__"
    app = call(emitter.name("celery", "Celery"), main, **addresses)
    lines = [f"{name} = {opened(app, after=len(name) + 3)}"]
    if several:
        lines.append(f'{name}.conf.task_default_queue = "{manager.name}"')
    return StoreSource(name, tuple(lines))


def _environment(emitter: DashEmitter, variable: str, default: str) -> str:
    return f'{emitter.module("os")}.environ.get("{variable}", "{default}")'


_STORES: dict[str, WriteStore] = {
    "diskcache": _diskcache,
    "flask_caching": _flask_caching,
    "celery+redis": _celery,
    "celery+rabbitmq": _celery,
    "celery+rpc": _celery_rpc,
}


def _instrumented(base: str, arguments: str, folder: str) -> str:
    """The source of a cache that reports to the probe; ``arguments`` are those of its methods."""
    with_value = arguments.replace("key", "key, value", 1)
    return dedent(f'''\
        class InstrumentedCache({base}):
            """A store that reports each read and write to the probe."""

            def get(self, {arguments}):
                value = super().get({arguments})
                probe.hit(f"{{os.path.basename({folder})}} read")
                return value

            def set(self, {with_value}):
                done = super().set({with_value})
                probe.hit(f"{{os.path.basename({folder})}} write")
                return done
        ''')


DISKCACHE_FULL = '''\
class FullDisk(diskcache.Cache):
    """A store whose disk is full as long as there is a file `full`."""

    def set(self, *args, **kwargs):
        if os.path.exists("full"):
            raise sqlite3.OperationalError("database or disk is full")
        return super().set(*args, **kwargs)

    def add(self, *args, **kwargs):
        if os.path.exists("full"):
            raise sqlite3.OperationalError("database or disk is full")
        return super().add(*args, **kwargs)
'''

FLASK_CACHING_FULL = '''\
class FullDisk(Cache):
    """A store that takes nothing, and says so, as long as there is a file `full`."""

    def set(self, *args, **kwargs):
        return False if os.path.exists("full") else super().set(*args, **kwargs)

    def add(self, *args, **kwargs):
        return False if os.path.exists("full") else super().add(*args, **kwargs)
'''

WATCH = '''\
def watch(manager, name):
    """Let the manager report to the probe after each of the calls that a poll makes."""

    def reporting(method):
        def call(*args, **kwargs):
            result = method(*args, **kwargs)
            probe.hit(f"{name} read")
            return result

        return call

    for method in ("get_progress", "get_result", "job_running", "get_updated_props"):
        if hasattr(manager, method):
            setattr(manager, method, reporting(getattr(manager, method)))
'''

# Each answer passes one place in the client, whatever command was sent, and by whichever of its methods.
REDIS_INSTRUMENTED = '''\
class InstrumentedConnection(redis.Connection):
    """A connection to the store that reports each read and write to the probe."""

    KINDS = dict.fromkeys(("GET", "MGET", "EXISTS"), "read")
    KINDS.update(dict.fromkeys(("AUTH", "CLIENT", "HELLO", "PING", "SELECT"), ""))
    does = "write"

    def send_command(self, name, *args, **kwargs):
        self.does = self.KINDS.get(name, "write")
        super().send_command(name, *args, **kwargs)

    def read_response(self, *args, **kwargs):
        answer = super().read_response(*args, **kwargs)
        if self.does:
            probe.hit(f"{self.store} {self.does}")
        self.does = "write"
        return answer


class InstrumentedBackend(RedisBackend):
    """A result backend whose connections report to the probe."""

    def _get_pool(self, **params):
        named = type("Named", (InstrumentedConnection,), {"store": self.app.main})
        return super()._get_pool(**params, connection_class=named)
'''
