"""What not every version of a framework offers, though requirements of its dialect presume it."""

from __future__ import annotations

from enum import Enum

#: What a probe prints, and nothing else, if the feature is indeed absent.
ABSENT = "absent"


class Feature(Enum):
    """A member's value is its name in a test's id; its ``description`` completes "the release does not offer …"."""

    SET_PROPS = ("set_props", "`set_props`")
    ON_ERROR = ("on_error", "`on_error`")
    NO_OUTPUT = ("no output", "callbacks without output")
    ALLOW_DUPLICATE = ("allow_duplicate", "`allow_duplicate`")
    PATCH = ("Patch", "`Patch`")
    PATCH_BESIDE_OUTPUTS = ("Patch beside outputs", "`Patch` in `running` and in `set_props`")
    REQUEST_DATA = ("request data", "the request's data in a job's context")
    CACHE_IGNORE_TRIGGERED = ("cache_ignore_triggered", "`cache_ignore_triggered`")
    TWO_COUNTS = ("two counts", "`set_progress` with the current and the last count")

    description: str

    def __new__(cls, name: str, description: str) -> Feature:
        member = object.__new__(cls)
        member._value_ = name
        member.description = description
        return member
