"""How a run ends, together with everything else that its callback declares.

A row is one callback of a page. The tables hold each pair of outputs, ending and options once, so that a few rows
stand for the whole product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, needs
from callback_conformance.scenario import (
    Button,
    Callback,
    Component,
    ProgressBar,
    Step,
    Steps,
    Text,
    arg,
    background,
    decline,
    die,
    emit_error,
    give,
    raise_error,
    report,
    set_props,
    wait_at,
)

RETURNS, DECLINES, RAISES, DIES = "returns", "declines", "raises", "dies"
CANCELLED, REPLACED = "cancelled", "replaced"
#: What the page shows of a row before it is triggered.
BEFORE = "before"
CAUGHT = "caught"

#: Marks a test whose rows have options that only newer releases have.
ALL_OPTIONS = needs(Feature.ON_ERROR, Feature.SET_PROPS, Feature.NO_OUTPUT)


@dataclass(frozen=True)
class Row:
    """A callback, and how its run ends."""

    end: str
    #: How many outputs it has.
    outputs: int
    running: bool = False
    progress: bool = False
    default: bool = False
    handled: bool = False
    sets_props: bool = False

    def __str__(self) -> str:
        names = ("running", "progress", "handled", "sets_props")
        return ", ".join([f"{self.outputs} outputs", *filter(self.__getattribute__, names)])

    def out(self, place: int) -> list[str]:
        """The properties of its outputs, in the row at this place."""
        return [f"out{place}.{name}" for name in ("children", "title")[: self.outputs]]

    def result(self, value: Any) -> Any:
        """What a function returns to show a value in each output."""
        return [None, value, [value, value]][self.outputs]


#: Each pair of outputs and options.
_OPTIONS = (
    (0, False, False, False),
    (0, True, True, True),
    (1, False, True, True),
    (1, True, False, False),
    (2, True, False, True),
    (2, False, True, False),
)


def full(*ends: str, free: tuple[str, str, str], **always: bool) -> list[Row]:
    """Rows for releases with every option: those of ``always`` in each row, those of ``free`` in some."""
    return [
        Row(ends[place % len(ends)], outputs, **always, **dict(zip(free, chosen, strict=True)))
        for place, (outputs, *chosen) in enumerate(_OPTIONS)
    ]


def plain(*ends: str, **options: bool) -> list[Row]:
    """Rows with the options that every release has, all of them: with one output, and with two."""
    return [
        Row(ends[place % len(ends)], outputs, **options) for place, outputs in enumerate((1, 2))
    ]


def for_each_row(
    open_page: OpenPage, rows: Sequence[Row], holds: Callable[[Page, Row, int], None]
) -> None:
    """Open a page with all rows, let the run of each end, and let ``holds`` say of it that it is right.

    Raises Violation with all rows for which it is not.
    """
    parts = [part for place, row in enumerate(rows) for part in _parts(row, place)]
    page = open_page(*parts)
    failed = []
    for place, row in enumerate(rows):
        try:
            _run(page, row, place)
            holds(page, row, place)
        except AssertionError as failure:
            failed.append(f"{row.end} ({row}): {failure}")
    if failed:
        raise Violation("; ".join(failed))


def _parts(row: Row, place: int) -> list[Component | Callback]:
    components: list[Component] = [
        Button(f"run{place}"),
        Button(f"stop{place}"),
        Text(f"out{place}", BEFORE, title=BEFORE),
        Text(f"note{place}", BEFORE),
        ProgressBar(f"bar{place}"),
        Text(f"side{place}", BEFORE),
    ]
    options: dict[str, Any] = {}
    if row.running:
        options["running"] = [(f"note{place}.children", "busy", "over")]
    if row.progress:
        options["progress"] = [f"bar{place}.value", f"bar{place}.max"]
    if row.default:
        options["progress_default"] = ["0", "10"]
    if row.handled:
        options["on_error"] = emit_error() >> give(row.result(CAUGHT))
    job = background(
        name=f"job{place}",
        output=[None, f"out{place}.children", row.out(place)][row.outputs],
        inputs=f"run{place}.n_clicks",
        cancel=f"stop{place}.n_clicks",
        job=_job(row, place),
        **options,
    )
    return [*components, job]


def _job(row: Row, place: int) -> Steps:
    steps = Steps()
    if row.progress:
        steps = steps >> report(("1", "5"))
    if row.sets_props:
        steps = steps >> wait_at("start") >> set_props(f"side{place}.children", arg("word"))
    ends: dict[str, Step] = {
        DECLINES: decline(),
        RAISES: raise_error("no coffee left"),
        DIES: die(),
    }
    end: Step = ends.get(row.end, give(row.result(arg("word"))))
    return steps >> wait_at("gate") >> end


def _run(page: Page, row: Row, place: int) -> None:
    """Trigger the callback of a row, and let the run end as the row says."""
    job = _started(page, row, place, "older")
    if row.end == CANCELLED:
        page.click(f"stop{place}")
    elif row.end == REPLACED:
        newer = _started(page, row, place, "newer")
        job.release_if_alive("gate", "older").wait_for_end()
        job = newer.release("gate", "newer")
    else:
        job.release("gate", "result")
    job.wait_for_end()


def _started(page: Page, row: Row, place: int, word: str) -> JobRun:
    """A job of the row at its last gate. ``word`` is what it has set with ``set_props``."""
    page.click(f"run{place}")
    job = page.next_job()
    if row.sets_props:
        job.release("start", word)
    return job.wait_for_gate("gate")
