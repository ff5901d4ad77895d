"""What a requirement rests on: a document of the framework itself, a third party's document, or a derivation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_QUOTED = re.compile(r'"[^"]*"')
_DERIVED = re.compile(r"derived(?: from (\S+))?: ")


class Basis(StrEnum):
    """What obliges an implementation to satisfy a requirement in a dialect."""

    DOCUMENT = "document"
    #: It binds the implementations of this project, and no release: the framework's authors promised nothing.
    THIRD_PARTY_DOCUMENT = "third-party document"
    DERIVED = "derived"


@dataclass(frozen=True)
class Document:
    """A source of requirements, as the table of documents in SPEC.md lists it."""

    dialects: tuple[str, ...]
    #: True if the publisher is not the framework's own.
    is_third_party: bool = False


#: The documents by name.
DOCUMENTS = {
    "taipy-guide": Document(("taipy",)),
    "taipy-article": Document(("taipy",)),
    "dash-long-callbacks": Document(("background", "long_callback")),
    "dash-labs-long-callback": Document(("labs",)),
    "dash-background-callbacks-api": Document(("background",), is_third_party=True),
}


def bases(
    source: str, dialects: Sequence[str], earlier: Mapping[str, Mapping[str, Basis]]
) -> dict[str, Basis]:
    """Return the basis of a requirement in each dialect, as its source says.

    What is derived from another requirement presumes what that one introduces. So if that one rests on a third
    party's document, this one does too. ``earlier`` has the bases of the requirements that come before it. Raises
    ValueError with what is wrong with the source.
    """
    if derived := _DERIVED.match(source):
        origin = derived[1]
        if origin and origin not in earlier:
            raise ValueError(f"{origin!r} is no requirement that comes before it")
        return {dialect: _derived(earlier.get(origin or "", {}), dialect) for dialect in dialects}
    names = _QUOTED.sub("", source).replace(";", " ").replace(",", " ").split()
    if unknown := [name for name in names if name not in DOCUMENTS]:
        raise ValueError(f"{unknown[0]!r} is no document; choose from {', '.join(DOCUMENTS)}")
    return {dialect: _cited(names, dialect) for dialect in dialects}


def _derived(origin: Mapping[str, Basis], dialect: str) -> Basis:
    if origin.get(dialect) == Basis.THIRD_PARTY_DOCUMENT:
        return Basis.THIRD_PARTY_DOCUMENT
    return Basis.DERIVED


def _cited(names: Sequence[str], dialect: str) -> Basis:
    binding = [DOCUMENTS[name] for name in names if dialect in DOCUMENTS[name].dialects]
    if not binding:
        raise ValueError(f"no document that it cites binds {dialect}")
    if all(document.is_third_party for document in binding):
        return Basis.THIRD_PARTY_DOCUMENT
    return Basis.DOCUMENT
