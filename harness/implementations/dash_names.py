"""The names of one dialect in one package: what a program imports, and how it says the same thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.implementations.source import Node, call

DISKCACHE_TOLD = '''\
class ToldCache(diskcache.Cache):
    """A store that tells the stage of each read and write."""

    def get(self, key, *args, **kwargs):
        value = super().get(key, *args, **kwargs)
        stage.passes(f"{os.path.basename(self.directory)} read")
        return value

    def set(self, key, value, *args, **kwargs):
        done = super().set(key, value, *args, **kwargs)
        stage.passes(f"{os.path.basename(self.directory)} write")
        return done
'''

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

FLASK_CACHING_TOLD = '''\
class ToldCache(Cache):
    """A store that tells the stage of each read and write."""

    def get(self, *args, **kwargs):
        value = super().get(*args, **kwargs)
        stage.passes(f"{os.path.basename(self.config['CACHE_DIR'])} read")
        return value

    def set(self, *args, **kwargs):
        done = super().set(*args, **kwargs)
        stage.passes(f"{os.path.basename(self.config['CACHE_DIR'])} write")
        return done
'''

FLASK_CACHING_FULL = '''\
class FullDisk(Cache):
    """A store that says it took nothing as long as there is a file `full`: so is a full disk told."""

    def set(self, *args, **kwargs):
        return False if os.path.exists("full") else super().set(*args, **kwargs)

    def add(self, *args, **kwargs):
        return False if os.path.exists("full") else super().add(*args, **kwargs)
'''


@dataclass(frozen=True)
class Store:
    """What a manager keeps its results in: the import, the class, and how one is made in a folder;
    ``told`` is the source of the class ``ToldCache``, and ``full`` of ``FullDisk``, which uses ``modules``."""

    imports: str
    cache: str
    told: str
    full: str
    modules: tuple[str, ...]
    made: Callable[[str, str], Node]


def _in_flask_caching(cache: str, folder: str) -> Node:
    return call(cache, config=f'{{"CACHE_TYPE": "filesystem", "CACHE_DIR": "{folder}"}}')


DISKCACHE = Store(
    "import diskcache",
    "diskcache.Cache",
    DISKCACHE_TOLD,
    DISKCACHE_FULL,
    ("os", "sqlite3"),
    lambda cache, at: call(cache, f'"{at}"'),
)
FLASK_CACHING = Store(
    "from flask_caching import Cache",
    "Cache",
    FLASK_CACHING_TOLD,
    FLASK_CACHING_FULL,
    ("os",),
    _in_flask_caching,
)


@dataclass(frozen=True)
class DashNames:
    """How the programs of one dialect name things, and where they import them from.

    ``package`` has ``Dash``, ``html`` and the like; ``manager_class`` comes from ``managers`` and the
    classes of dependencies from ``dependencies`` (empty: from the package), which stand behind ``prefix``.
    ``modules`` are imported whole, each by the name that the program gives it. ``declares`` and ``starts``
    are the decorators of ordinary and of long-running callbacks, ``serves`` what starts the server, and ``context`` what
    tells a function of its trigger.
    """

    package: str = "dash"
    manager_class: str = "DiskcacheManager"
    constructor_argument: str = "background_callback_manager"
    dialect: str = "background"
    managers: str = ""
    dependencies: str = ""
    prefix: str = ""
    modules: tuple[tuple[str, str], ...] = ()
    declares: str = "callback"
    starts: str = "callback"
    serves: str = "app.run()"
    context: str = "ctx"
    store: Store = DISKCACHE


def long_callback(package: str = "dash") -> DashNames:
    """The names of ``@app.long_callback`` in a package that offers Dash's."""
    return DashNames(
        package=package,
        manager_class="DiskcacheLongCallbackManager",
        constructor_argument="long_callback_manager",
        dialect="long_callback",
        managers=f"{package}.long_callback",
        dependencies=f"{package}.dependencies",
        declares="app.callback",
        starts="app.long_callback",
        serves="app.run_server()",
        context="callback_context",
    )


def labs(
    package: str,
    labs_module: str,
    managers: str,
    backend: str,
    modules: tuple[tuple[str, str], ...] = (),
) -> DashNames:
    """The names of Dash Labs: ``labs_module`` is what its programs call ``dl``."""
    flask_caching = backend == "flask_caching"
    return DashNames(
        package=package,
        manager_class=f"{'FlaskCaching' if flask_caching else 'DiskcacheCaching'}CallbackManager",
        constructor_argument="",
        dialect="labs",
        managers=managers,
        prefix="dl.",
        modules=(("dl", labs_module), *modules),
        declares="app.callback",
        starts="app.long_callback",
        serves="app.run_server()",
        store=FLASK_CACHING if flask_caching else DISKCACHE,
    )
