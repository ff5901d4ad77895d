"""Whether a cached result is served, on a page of Dash from 2.6."""

from typing import Any

from deviations.common.dash_page import Callback
from deviations.common.jobs import kill_jobs
from deviations.common.outcome import Undecided


def is_served(callback: Callback, stored: Any, requested: Any) -> bool:
    """Tell whether the result for one value is served for another. All jobs but the first wait, so that the first
    result is the only one."""
    first = callback.result(stored).json
    if "response" not in first:
        raise Undecided(f"the first run has no result: {first}")
    answer = callback.send(requested).json
    if "response" in answer:
        return True
    poll = callback.poll({"cacheKey": answer["cacheKey"], "job": answer["job"]})
    kill_jobs()
    return "response" in (poll.json or {})
