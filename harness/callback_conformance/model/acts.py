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
    #: Whether its status function takes two periods to report that the job has ended: where it waits at a gate of its own.
    slowly: bool = False


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


@dataclass(frozen=True)
class LetTimePass:
    """Two periods pass."""


@dataclass(frozen=True)
class Leave:
    """The user of a page closes it; to load it again is to come back."""

    page: int


@dataclass(frozen=True)
class LoadUnconnected:
    """A new user's browser loads the page, and the connection by which the server would push does not open."""


@dataclass(frozen=True)
class Overhear:
    """A stranger, who has come to know by which handle the server knows the user of a page, looks at a page of their
    own."""

    page: int


@dataclass(frozen=True)
class StrangerEnters:
    """That stranger types into a field of their own page."""

    page: int
    prop: str
    entry: Value


@dataclass(frozen=True)
class LoadByInventedHandle:
    """A browser loads the page as the user of a handle that no page was given: that of a page, with another letter."""

    page: int


#: What is done to programs that poll and to those that push alike.
CommonAct: TypeAlias = Click | Enter | Release | Look | HoldAnswers | LosePoll | Reload | OpenPage
#: What is done to those that push alone.
PushAct: TypeAlias = (
    LetTimePass | Leave | LoadUnconnected | Overhear | StrangerEnters | LoadByInventedHandle
)
Act: TypeAlias = CommonAct | PushAct
