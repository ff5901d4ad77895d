"""The timers of a Dash page: ``dcc.Interval``, by whose ticks releases before 2.6 poll for a job.

It follows ``components/Interval.react.js`` of Dash. A tick counts one interval more, and who has the count
for an input is called; the callback of a job is, and switches its timer off when it has nothing to wait for.
"""

from __future__ import annotations

from callback_conformance.adapters.dash.renderer.ids import split
from callback_conformance.adapters.dash.renderer.layout import Layout

TICK_COUNT = "n_intervals"
DEFAULT_MS = 1000
ENDLESS = -1  # of ``max_intervals``


def running_timers(layout: Layout) -> list[str]:
    """The ids of the timers that run."""
    return [id for id in layout.ids() if layout.kind(id) == "Interval" and _runs(layout, id)]


def tick_count(layout: Layout, id: str) -> int:
    """How often a timer has ticked."""
    return int(layout.props(id).get(TICK_COUNT) or 0)


def interval_ms(layout: Layout, id: str) -> int:
    """How long a timer waits between two ticks, in milliseconds."""
    return int(layout.props(id).get("interval", DEFAULT_MS))


def is_tick(changed: tuple[str, ...], layout: Layout) -> bool:
    """True when a callback is called because of timers alone: its request is a poll."""
    properties = [split(prop) for prop in changed]
    return bool(properties) and all(
        name == TICK_COUNT and layout.kind(id) == "Interval" for id, name in properties
    )


def _runs(layout: Layout, id: str) -> bool:
    props = layout.props(id)
    most = props.get("max_intervals", ENDLESS)
    return not props.get("disabled") and (most == ENDLESS or tick_count(layout, id) < most)
