"""The identity of a cell: release, dialect, backend, driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True, order=True)
class CellSpec:
    """The four choices that name a cell."""

    #: As ``--impl`` takes it: NAME, NAME@VERSION or package.module:attribute.
    release: str
    dialect: str
    backend: str
    #: The kind of page: "wire" or "browser".
    driver: str = "wire"
    #: The dialect of SPEC.md whose requirements bind it, where ``dialect`` is the implementation's own; else empty.
    bound_as: str = field(default="", compare=False)

    @property
    def binding_dialect(self) -> str:
        """The dialect of SPEC.md whose requirements bind it."""
        return self.bound_as or self.dialect

    @property
    def id(self) -> str:
        """Its name in test ids, and that of its folder."""
        return "-".join((self.release, self.dialect, self.backend, self.driver))

    @property
    def family(self) -> str:
        """Its release without the version."""
        return self.release.partition("@")[0]

    @property
    def variant(self) -> str:
        """All but the release: two releases are compared where this is equal."""
        return "-".join((self.dialect, self.backend, self.driver))

    @property
    def options(self) -> tuple[str, ...]:
        """The options of pytest that select this cell alone."""
        return (
            f"--impl={self.release}",
            f"--backend={self.backend}",
            f"--dialect={self.dialect}",
            f"--driver={self.driver}",
        )

    def matches(self, word: str) -> bool:
        """True when ``word``, in which ``*`` and ``?`` are wildcards, is one of the cell's parts:
        ``dash@3.0.4`` or ``dash`` or ``3.0.4``, its dialect, ``celery+redis`` or ``celery`` or ``redis``."""
        choices = (self.release, self.dialect, self.backend, self.driver)
        parts = {part for whole in choices for part in (whole, *whole.replace("+", "@").split("@"))}
        return any(fnmatchcase(part, word) for part in parts)


@dataclass(frozen=True)
class CellIdentity:
    """A cell whose release is installed: which implementation that is, in which version."""

    spec: CellSpec
    #: The implementation's name.
    implementation: str
    #: The versions of what matters in its environment by distribution, the implementation's own first.
    versions: Mapping[str, str]
    #: The release that the implementation wraps, whose known failures it may have; empty if it wraps none.
    wraps: str = ""

    @property
    def id(self) -> str:
        """The name of its choices."""
        return self.spec.id

    @property
    def version(self) -> str:
        """The version of the implementation itself."""
        return next(iter(self.versions.values()))

    @property
    def known_as(self) -> str:
        """The release under which its known failures are recorded."""
        return self.wraps or self.implementation

    @property
    def known_version(self) -> str:
        """The version of that release."""
        return self.versions[self.wraps] if self.wraps else self.version

    @property
    def may_do_better(self) -> bool:
        """True where a known failure that does not occur is no mistake: the work is not the release's alone."""
        return bool(self.wraps) or self.has_third_party_backend

    @property
    def has_third_party_backend(self) -> bool:
        """True for a backend ``package.module:factory``, of which no failure is expected."""
        return ":" in self.spec.backend
