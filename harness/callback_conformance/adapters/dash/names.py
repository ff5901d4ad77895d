"""The names of one dialect in one package: what a program imports, and how it says the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class DashNames:
    """How the programs of one dialect name things, and where they import them from."""

    #: The package that has ``Dash``, ``html`` and the like.
    package: str = "dash"
    manager_class: str = "DiskcacheManager"
    #: The argument of the app's constructor that names its manager.
    constructor_argument: str = "background_callback_manager"
    dialect: str = "background"
    #: What the managers keep their results in, or find them by.
    backend: str = "diskcache"
    #: The module that has the manager's class; empty: the package.
    managers: str = ""
    #: The module that has the classes of dependencies; empty: the package.
    dependencies: str = ""
    #: The name of the module behind which these classes stand; empty: they are imported.
    prefix: str = ""
    #: The modules that are imported whole, by the name that the program gives each.
    modules: Mapping[str, str] = field(default_factory=dict)
    #: The decorators of ordinary and of long-running callbacks.
    declares: str = "callback"
    starts: str = "callback"
    #: The statement that starts the server.
    serves: str = "app.run()"
    #: The name of the object that holds a function's trigger.
    context: str = "ctx"

    @property
    def embedded(self) -> DashNames:
        """The names for a manager on diskcache."""
        if self.backend == "diskcache":
            return self
        module = f"{self.package}.long_callback" if self.dialect == "long_callback" else ""
        name, module = _manager("diskcache", self.dialect, module)
        return replace(self, manager_class=name, managers=module)


#: What Dash calls its managers, for each backend and dialect; those of Dash Labs keep more apart.
_MANAGERS = {"background": "{}Manager", "long_callback": "{}LongCallbackManager"}
_LABS = {"flask_caching": "FlaskCaching", "diskcache": "DiskcacheCaching"}


def _manager(backend: str, dialect: str, module: str) -> tuple[str, str]:
    """The name of a manager, and the module that has it: ``module`` if it is one of the framework's own."""
    third_party, colon, factory = backend.partition(":")
    if colon:
        return factory, third_party
    kind = "Celery" if backend.startswith("celery") else "Diskcache"
    if dialect == "labs":
        return f"{_LABS.get(backend, kind)}CallbackManager", module
    return _MANAGERS[dialect].format(kind), module


def background_names(package: str = "dash", backend: str = "diskcache") -> DashNames:
    """The names of ``@callback(background=True)`` in a package that offers Dash's."""
    manager, module = _manager(backend, "background", "")
    return DashNames(package=package, manager_class=manager, managers=module, backend=backend)


def long_callback_names(package: str = "dash", backend: str = "diskcache") -> DashNames:
    """The names of ``@app.long_callback`` in a package that offers Dash's."""
    manager, module = _manager(backend, "long_callback", f"{package}.long_callback")
    return DashNames(
        package=package,
        manager_class=manager,
        constructor_argument="long_callback_manager",
        dialect="long_callback",
        backend=backend,
        managers=module,
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
    modules: Mapping[str, str] | None = None,
) -> DashNames:
    """The names of Dash Labs: ``labs_module`` is what its programs call ``dl``."""
    manager, module = _manager(backend, "labs", managers)
    return DashNames(
        package=package,
        manager_class=manager,
        constructor_argument="",
        dialect="labs",
        backend=backend,
        managers=module,
        prefix="dl",
        modules={"dl": labs_module, **(modules or {})},
        declares="app.callback",
        starts="app.long_callback",
        serves="app.run_server()",
    )
