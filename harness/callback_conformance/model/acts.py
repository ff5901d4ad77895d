"""What users, jobs, the network and the test do to an app, as data. Pages and runs are numbered from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from callback_conformance.scenario import Value


@dataclass(frozen=True)
class Click:
    """The user of a page clicks a button."""

    page: int
    button: str


@dataclass(frozen=True)
class Enter:
    """The user of a page types into a field."""

    page: int
    prop: str
    entry: Value


@dataclass(frozen=True)
class Release:
    """The job of a run goes on from its gate with a word."""

    run: int
    word: str


@dataclass(frozen=True)
class Look:
    """All answers are delivered, and the page polls until nothing more comes."""

    page: int


@dataclass(frozen=True)
class HoldAnswers:
    """From now on the server's answers to a page are on their way, until its user looks."""

    page: int


@dataclass(frozen=True)
class LosePoll:
    """The next poll of a page loses its connection, or is answered with 502."""

    page: int
    refused: bool = False


@dataclass(frozen=True)
class Reload:
    """The user loads the page again."""

    page: int


@dataclass(frozen=True)
class OpenPage:
    """Another user opens the program's page, or the first user a second one."""

    same_user: bool = False


Act: TypeAlias = Click | Enter | Release | Look | HoldAnswers | LosePoll | Reload | OpenPage
