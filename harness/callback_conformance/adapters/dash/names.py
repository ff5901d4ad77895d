"""The names of one dialect in one package: what a program imports, and how it says the same thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from callback_conformance.adapters.dash.stores import Store, store


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
    store: Store = field(default_factory=lambda: store("diskcache"))


#: What Dash calls its managers, for each backend and dialect; those of Dash Labs keep more apart.
_MANAGERS = {"background": "{}Manager", "long_callback": "{}LongCallbackManager"}
_LABS = {"flask_caching": "FlaskCaching", "diskcache": "DiskcacheCaching"}


def _manager(backend: str, dialect: str, there: str) -> tuple[str, str]:
    """The name of a manager, and the module that has it, which is ``there`` if it is the framework's own."""
    module, colon, factory = backend.partition(":")
    if colon:
        return factory, module
    kind = "Celery" if backend.startswith("celery") else "Diskcache"
    if dialect == "labs":
        return f"{_LABS.get(backend, kind)}CallbackManager", there
    return _MANAGERS[dialect].format(kind), there


def background_names(package: str = "dash", backend: str = "diskcache") -> DashNames:
    """The names of ``@callback(background=True)`` in a package that offers Dash's."""
    manager, module = _manager(backend, "background", "")
    return DashNames(package=package, manager_class=manager, managers=module, store=store(backend))


def long_callback_names(package: str = "dash", backend: str = "diskcache") -> DashNames:
    """The names of ``@app.long_callback`` in a package that offers Dash's."""
    manager, module = _manager(backend, "long_callback", f"{package}.long_callback")
    return DashNames(
        package=package,
        manager_class=manager,
        constructor_argument="long_callback_manager",
        dialect="long_callback",
        managers=module,
        store=store(backend),
        dependencies=f"{package}.dependencies",
        declares="app.callback",
        starts="app.long_callback",
        serves="app.run_server()",
        context="callback_context",
    )


def labs_names(
    package: str,
    labs_module: str,
    managers: str,
    backend: str,
    modules: tuple[tuple[str, str], ...] = (),
) -> DashNames:
    """The names of Dash Labs: ``labs_module`` is what its programs call ``dl``."""
    manager, module = _manager(backend, "labs", managers)
    return DashNames(
        package=package,
        manager_class=manager,
        constructor_argument="",
        dialect="labs",
        managers=module,
        prefix="dl.",
        modules=(("dl", labs_module), *modules),
        declares="app.callback",
        starts="app.long_callback",
        serves="app.run_server()",
        store=store(backend),
    )
