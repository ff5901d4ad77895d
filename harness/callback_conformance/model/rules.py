"""Which requirement says what a page shows, by the facts of a run: the rules of the model, each with its id.

A list of rules is ordered from the narrowest to the widest: of those that apply, the first decides the case, as
SPEC.md says under "Overlap".
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import TypeAlias


class Fact(Enum):
    """What is true of a run and bears on which requirement decides."""

    # How its job has ended.
    RESULT = "ended with a result"
    DECLINED = "declined to update"
    RAISED = "raised"
    DIED = "died"
    CANCELLED = "was cancelled"
    # What came before it on its page.
    REPLACES = "replaced a run"
    RETURNS = "has the arguments of a replaced run"
    AFTER_CANCEL = "came after a cancelled run"
    AFTER_FAILURE = "came after a run that failed"
    AFTER_RELOAD = "came after the page was loaded again"
    INITIAL = "was triggered by the page's load"
    # What earlier runs with its key have left.
    CACHED = "has a manager that caches"
    HIT = "is a hit"
    KEY_FAILED = "has the key of a job that failed"
    KEY_CANCELLED = "has the key of a job that was cancelled"
    KEY_DECLINED = "has the key of a job that declined"
    KEY_OF_INSTANCE = "has the arguments of a cached run of another instance"
    KEY_OF_CALLBACK = "has the arguments of a cached run of a callback with equal source"
    # What happened to its page.
    LOST_POLL = "lost a poll"
    BEFORE_ANSWER = "came before the first answer to an earlier trigger"
    # What ran at the same time.
    EQUAL_USERS = "ran beside a job of another user with equal arguments"
    OTHER_USER = "ran beside a job of another user"
    OTHER_INSTANCE = "ran beside a job of another instance"
    EQUAL_SOURCE = "ran beside a job of a callback with equal source"
    OTHER_CALLBACK = "ran beside a job of another callback"
    # What the program says.
    NO_OUTPUT = "has no output"
    SEVERAL_OUTPUTS = "has several outputs"
    NAMED_OUTPUTS = "has outputs by name"
    LIST_OF_ONE = "has a list of one output"
    MATCH = "is of one instance"
    ON_ERROR = "has on_error"
    PAIR = "names a pair in running"
    NO_DEFAULT = "has no progress default"
    FALSY_DEFAULT = "has a falsy progress default"
    PROGRESS_LIST = "reports progress as a list"
    PROGRESS_NAMED = "reports progress by name"
    LABS = "is written in labs"
    # What it returned or reported.
    FALSY = "gave a falsy value"
    LIST = "gave a list"
    SOME_UPDATED = "returned no update for some outputs"
    WRONG_FORM = "gave what does not have the form of the outputs"


Rule: TypeAlias = tuple[str, frozenset[Fact]]


def rule(requirement: str, *facts: Fact) -> Rule:
    """This requirement decides where all these facts hold."""
    return requirement, frozenset(facts)


F = Fact

#: An output shows its run's result.
SHOWS_RESULT = (
    rule("CACHE-14", F.KEY_OF_INSTANCE),
    rule("CACHE-13", F.KEY_OF_CALLBACK),
    rule("CACHE-2", F.HIT),
    rule("RESULT-13", F.LOST_POLL),
    rule("RESULT-9", F.RETURNS),
    rule("CANCEL-6", F.AFTER_CANCEL),
    rule("FAIL-3", F.AFTER_FAILURE),
    rule("RESULT-8", F.REPLACES),
    rule("ISO-1", F.EQUAL_USERS),
    rule("PATTERN-5", F.OTHER_INSTANCE),
    rule("ISO-2", F.EQUAL_SOURCE),
    rule("ISO-9", F.OTHER_USER),
    rule("ISO-3", F.OTHER_CALLBACK),
    rule("RESULT-11", F.AFTER_RELOAD),
    rule("SIGN-14", F.SOME_UPDATED),
    rule("RESULT-5", F.FALSY),
    rule("SIGN-4", F.NAMED_OUTPUTS),
    rule("SIGN-5", F.LIST_OF_ONE),
    rule("RESULT-4", F.SEVERAL_OUTPUTS),
    rule("RESULT-3", F.LIST),
    rule("PATTERN-4", F.MATCH),
    rule("RESULT-1"),
)

#: An output keeps its value.
KEEPS_OUTPUT = (
    rule("SIGN-7", F.SOME_UPDATED),
    rule("CANCEL-2", F.CANCELLED),
    rule("RESULT-15", F.RAISED),
    rule("RESULT-15", F.DIED),
    rule("SIGN-6", F.DECLINED),
    rule("RESULT-2"),
)

#: An output shows what ``on_error`` returns.
SHOWS_ON_ERROR = (rule("UPDATE-11"),)

#: The page shows a failure.
SHOWS_FAILURE = (
    rule("SIGN-8", F.WRONG_FORM),
    rule("RESULT-14", F.DIED),
    rule("FAIL-1"),
)

#: A property of ``running`` holds its on value.
RUNNING_ON = (
    rule("PATTERN-6", F.MATCH),
    rule("RUN-6", F.PAIR),
    rule("RUN-12", F.REPLACES),
    rule("RUN-1"),
)

#: A property of ``running`` holds its off value.
RUNNING_OFF = (
    rule("CACHE-18", F.HIT),
    rule("RUN-11", F.LOST_POLL),
    rule("PATTERN-12", F.MATCH),
    rule("RUN-7", F.PAIR),
    rule("RUN-9", F.CANCELLED),
    rule("RUN-8", F.RAISED),
    rule("RUN-8", F.DIED),
    rule("RUN-10", F.DECLINED),
    rule("UPDATE-14", F.NO_OUTPUT),
    rule("RUN-2"),
)

#: A property of ``running`` before the first trigger.
RUNNING_AT_FIRST = (rule("RUN-5"),)

#: An output of an ordinary callback.
ORDINARY = (rule("BG-3"),)

#: A progress property shows what was reported.
SHOWS_PROGRESS = (
    rule("RESULT-13", F.LOST_POLL),
    rule("PROG-10", F.FALSY),
    rule("PROG-6", F.LABS),
    rule("PROG-5", F.PROGRESS_NAMED),
    rule("PROG-4", F.LIST),
    rule("PROG-3", F.PROGRESS_LIST),
    rule("PROG-2"),
)

#: A progress property after a run.
PROGRESS_AFTER = (
    rule("CACHE-25", F.HIT),
    rule("PROG-17", F.NO_DEFAULT),
    rule("PROG-16", F.FALSY_DEFAULT),
    rule("PROG-14", F.CANCELLED),
    rule("PROG-15", F.RAISED),
    rule("PROG-15", F.DIED),
    rule("PROG-20", F.DECLINED),
    rule("PROG-13"),
)

#: A progress property before the first trigger.
PROGRESS_AT_FIRST = (rule("PROG-12"),)

#: A property shows what a job has set, while it runs and after its end.
SHOWS_UPDATE = (
    rule("UPDATE-5", F.RAISED),
    rule("UPDATE-5", F.DIED),
    rule("UPDATE-16", F.DECLINED),
    rule("UPDATE-15", F.NO_OUTPUT, F.OTHER_CALLBACK),
    rule("UPDATE-2", F.SEVERAL_OUTPUTS),
    rule("UPDATE-1"),
)

#: A trigger starts a job.
STARTS = (
    rule("CACHE-14", F.KEY_OF_INSTANCE),
    rule("CACHE-13", F.KEY_OF_CALLBACK),
    rule("CACHE-15", F.KEY_FAILED),
    rule("CACHE-16", F.KEY_CANCELLED),
    rule("CACHE-17", F.KEY_DECLINED),
    rule("INIT-1", F.INITIAL),
    rule("CANCEL-6", F.AFTER_CANCEL),
    rule("FAIL-3", F.AFTER_FAILURE),
    rule("RESULT-9", F.RETURNS),
    rule("RESULT-8", F.REPLACES),
    rule("ISO-1", F.EQUAL_USERS),
    rule("PATTERN-5", F.OTHER_INSTANCE),
    rule("ISO-2", F.EQUAL_SOURCE),
    rule("ISO-3", F.OTHER_CALLBACK),
    rule("CACHE-4", F.CACHED),
    rule("UPDATE-8", F.NO_OUTPUT),
    rule("RESULT-1"),
)

#: A job goes on while its page waits for it.
LIVES = (
    rule("CACHE-15", F.KEY_FAILED),
    rule("CACHE-17", F.KEY_DECLINED),
    rule("CACHE-14", F.KEY_OF_INSTANCE),
    rule("CACHE-13", F.KEY_OF_CALLBACK),
    rule("UPDATE-9", F.NO_OUTPUT, F.OTHER_CALLBACK),
    rule("PATTERN-5", F.OTHER_INSTANCE),
    rule("ISO-9", F.OTHER_USER),
    rule("CANCEL-9", F.OTHER_CALLBACK),
    rule("RESULT-8", F.REPLACES),
    rule("RESULT-1"),
)

#: A cancelled job stops.
STOPS = (rule("CANCEL-7", F.BEFORE_ANSWER), rule("CANCEL-1"))

#: A job receives the arguments of its trigger.
RECEIVES = (rule("INIT-2", F.INITIAL), rule("BG-10"))

#: What a page must not show of a run that is none of its own, is not its newest, or is cancelled.
OF_ANOTHER_USER = {"output": "ISO-4", "progress": "ISO-5", "update": "UPDATE-6"}
OF_A_REPLACED_RUN = {"output": "RESULT-10", "progress": "PROG-18", "update": "UPDATE-7"}
OF_A_CANCELLED_RUN = {"output": "CANCEL-2", "progress": "PROG-14", "update": "UPDATE-13"}
OF_AN_EARLIER_RUN = {"output": "RESULT-11", "progress": "PROG-9", "update": "UPDATE-3"}
#: What an output must not show of a run beside that of its own callback.
CONFUSES = (
    ("CACHE-14", F.KEY_OF_INSTANCE),
    ("CACHE-13", F.KEY_OF_CALLBACK),
    ("PATTERN-5", F.OTHER_INSTANCE),
    ("ISO-2", F.EQUAL_SOURCE),
    ("ISO-3", F.OTHER_CALLBACK),
)
#: What a page must not show twice.
TWICE = {"output": "RESULT-12", "update": "UPDATE-4"}
#: A job that nothing has triggered.
UNBIDDEN = "BG-9"
#: A job that a hit has started.
OF_A_HIT = "CACHE-3"
#: What stands for a requirement where the model knows what holds and no requirement says so.
UNCOVERED = "(no requirement)"
#: What another user's job must not change.
RUNNING_OF_ANOTHER = "ISO-6"

RULES = (
    SHOWS_RESULT, KEEPS_OUTPUT, SHOWS_ON_ERROR, SHOWS_FAILURE, RUNNING_ON, RUNNING_OFF, RUNNING_AT_FIRST, ORDINARY,
    SHOWS_PROGRESS, PROGRESS_AFTER, PROGRESS_AT_FIRST, SHOWS_UPDATE, STARTS, LIVES, STOPS, RECEIVES,
)  # fmt: skip


def requirements() -> set[str]:
    """The ids of all requirements that a rule comes from."""
    tables = (OF_ANOTHER_USER, OF_A_REPLACED_RUN, OF_A_CANCELLED_RUN, OF_AN_EARLIER_RUN, TWICE)
    ids = {id for rules in RULES for id, _ in rules}
    ids |= {id for table in tables for id in table.values()} | {id for id, _ in CONFUSES}
    return ids | {UNBIDDEN, OF_A_HIT, RUNNING_OF_ANOTHER}


def chosen(rules: Collection[Rule], facts: Collection[Fact]) -> tuple[str, ...]:
    """The requirements whose facts all hold, the narrowest first."""
    return tuple(dict.fromkeys(id for id, needed in rules if needed <= set(facts)))
