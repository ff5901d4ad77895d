"""What the manager of a Dash program is given: a cache, a Celery app, or what anyone's own factory takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import dedent

from callback_conformance.adapters.source import Node, call, literal, opened
from callback_conformance.backends.celery import BROKER, RESULTS, celery_app


@dataclass(frozen=True)
class Special:
    """A store of a program's own making: its source, and what that imports."""

    source: str = ""
    imports: tuple[str, ...] = ()
    modules: tuple[str, ...] = ("os",)


@dataclass(frozen=True)
class Store:
    """What a manager keeps its results in, or by what it finds them.

    ``imports`` are the statements that it needs, and ``modules`` those of the standard library. ``prepared``
    gives the lines above a manager, told its name, which special store it has (``told``, ``full``,
    ``nothing kept``), and whether it is one of several; ``given`` is its first argument. A store that is ``told`` tells the probe of
    what it does; one that is ``full`` takes nothing as long as there is a file of this name.
    """

    imports: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    prepared: Callable[[str, str, bool], Sequence[str]] = lambda name, special, several: ()
    given: Callable[[str, str], Node | None] = lambda name, special: None
    special: Mapping[str, Special] = field(default_factory=dict)


def _cache_told(base: str, arguments: str, folder: str) -> str:
    """The source of a cache that tells the probe; ``arguments`` are those of its methods."""
    value = arguments.replace("key", "key, value", 1)
    return dedent(f'''\
        class ToldCache({base}):
            """A store that tells the probe of each read and write."""

            def get(self, {arguments}):
                value = super().get({arguments})
                probe.hit(f"{{os.path.basename({folder})}} read")
                return value

            def set(self, {value}):
                done = super().set({value})
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

CLASSES = {"told": "ToldCache", "full": "FullDisk"}


def _in_diskcache(name: str, special: str) -> Node:
    return call(CLASSES.get(special, "diskcache.Cache"), f'"./{name}"')


def _in_flask_caching(name: str, special: str) -> Node:
    config = {"CACHE_TYPE": "filesystem", "CACHE_DIR": f"./{name}"}
    return call(CLASSES.get(special, "Cache"), config=literal(config))


# Each answer passes one place in the client, whatever command was sent, and by whichever of its methods.
REDIS_TOLD = '''\
class ToldConnection(redis.Connection):
    """A connection to the store that tells the probe of each read and write."""

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


class ToldBackend(RedisBackend):
    """A result backend whose connections tell the probe."""

    def _get_pool(self, **params):
        told = type("Told", (ToldConnection,), {"store": self.app.main})
        return super()._get_pool(**params, connection_class=told)
'''


def _environment(variable: str, default: str) -> str:
    return f'os.environ.get("{variable}", "{default}")'


def _celery(results: str, broker: str) -> Callable[[str, str, bool], Sequence[str]]:
    """Writes the Celery app of a manager; ``results`` is an expression."""

    def prepared(name: str, special: str, several: bool) -> Sequence[str]:
        made = celery_app(name)
        main = f'"{name}"' if special == "told" or several else "__name__"
        given: dict[str, Node] = {"broker": _environment(BROKER, broker), "backend": results}
        lines = []
        if special == "told":
            lines.append(f"{name}_results = {results}")
            given["backend"] = f'f"{{__name__}}:ToldBackend+{{{name}_results}}"'
        if special == "nothing kept":
            del given["backend"]
        lines.append(f"{made} = {opened(call('Celery', main, **given), after=len(made) + 3)}")
        if several:
            lines.append(f'{made}.conf.task_default_queue = "{name}"')
        return lines

    return prepared


def _the_celery_app(name: str, special: str) -> Node:
    return celery_app(name)


REDIS = "redis://localhost:6379/0"
DISKCACHE = Store(
    ("import diskcache",),
    given=_in_diskcache,
    special={
        "told": Special(_cache_told("diskcache.Cache", "key, *args, **kwargs", "self.directory")),
        "full": Special(DISKCACHE_FULL, modules=("os", "sqlite3")),
    },
)
FLASK_CACHING = Store(
    ("from flask_caching import Cache",),
    given=_in_flask_caching,
    special={
        "told": Special(_cache_told("Cache", "*args, **kwargs", "self.config['CACHE_DIR']")),
        "full": Special(FLASK_CACHING_FULL),
    },
)
CELERY = Store(
    ("from celery import Celery",),
    ("os",),
    _celery(_environment(RESULTS, REDIS), REDIS),
    _the_celery_app,
    {
        "told": Special(
            REDIS_TOLD, ("import redis", "from celery.backends.redis import RedisBackend"), ()
        )
    },
)
CELERY_RPC = Store(
    ("from celery import Celery",),
    ("os",),
    _celery('"rpc://"', "pyamqp://"),
    _the_celery_app,
)
FOREIGN = Store()
STORES = {
    "diskcache": DISKCACHE,
    "flask_caching": FLASK_CACHING,
    "celery+redis": CELERY,
    "celery+rabbitmq": CELERY,
    "celery+rpc": CELERY_RPC,
}


def store(backend: str) -> Store:
    """What the managers of a backend are given; nothing, if it is anyone's own."""
    return FOREIGN if ":" in backend else STORES[backend]
