"""A failing test's timeline as a picture: lanes for pages, server and jobs, time downwards."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from callback_conformance.results.failure import SeenEvent
from callback_conformance.results.json_file import JsonValue

SERVER = "server"
JOBS = 8  # the lane of this job is that of all that follow it, too
NARROW = 4  # so many lanes have room for their names on a phone
PITCH, NARROW_PITCH = 48, 28  # pixels from lane to lane
MIDDLE = 15  # pixels from a row's upper edge to the middle of its first line
REQUESTS = {"asks", "hears", "loses"}
#: What looks like itself; an app may say any other word, also one that a page has a style for.
STYLED = {*REQUESTS, "acts", "shows", "notifies", "starts", "ends", "fails", "repeats"}


@dataclass(frozen=True)
class Lane:
    """A page, the server, or a job: where it stands, in pixels, and its name."""

    name: str
    label: str
    kind: str
    x: int


#: x, kind, y and height in pixels; the height 0 is that of the row.
Bar = tuple[int, str, int, int]


@dataclass(frozen=True)
class Row:
    """One event: when, whose, in words; its part of the picture as shapes."""

    #: Milliseconds since the test began.
    time: str
    lane: str
    #: The style class; empty for an event without one.
    kind: str
    words: str
    detail: str
    bars: tuple[Bar, ...]
    #: The path of a request or an answer.
    arrow: str
    #: The x of the event's dot.
    dot: int | None
    #: True for an event of the property that the failure is about.
    is_subject: bool


@dataclass(frozen=True)
class Picture:
    """The lanes and the rows; ``width`` is that of the lanes, in pixels."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    width: int


def draw(events: Sequence[SeenEvent], message: str) -> Picture:
    """The picture of a timeline; rows about the property that ``message`` begins with are marked."""
    lanes = _lanes(events)
    pitch = PITCH if len(lanes) <= NARROW else NARROW_PITCH
    subject = re.match(r"([\w-]+\.[\w-]+) is ", message)
    return Picture(
        lanes=tuple(lanes.values()),
        rows=tuple(_rows(events, lanes, subject[1] if subject else "")),
        width=pitch * len(lanes),
    )


def _lane(source: str) -> str:
    """All processes of a server are one lane, and so are all jobs after the first few, as of a page that starts its
    job again and again."""
    kind, _, number = source.partition("-")
    if kind == "job" and number.isdigit() and int(number) >= JOBS:
        return f"job-{JOBS}+"
    return SERVER if kind == SERVER else source


def _lanes(events: Sequence[SeenEvent]) -> dict[str, Lane]:
    present = {_lane(event.source) for event in events if event.source}
    if any(event.what in REQUESTS for event in events):
        present.add(SERVER)
    kinds = {"page": 0, SERVER: 1, "job": 2}

    def order(name: str) -> tuple[int, int, str]:
        kind, _, number = name.partition("-")
        number = number.removesuffix("+")
        return kinds.get(kind, 3), int(number) if number.isdigit() else 0, name

    names = sorted(present, key=order)
    pitch = PITCH if len(names) <= NARROW else NARROW_PITCH
    return {
        name: Lane(
            name=name,
            label=name if pitch == PITCH else _initials(name),
            kind=name.partition("-")[0],
            x=pitch // 2 + pitch * place,
        )
        for place, name in enumerate(names)
    }


def _initials(name: str) -> str:
    kind, _, number = name.partition("-")
    return f"{kind[0].upper()}{number}"


class _Lives:
    """What lives while the rows go by: pages from their first event on, jobs from start to end, and a server
    while it has requests to answer."""

    def __init__(self, lanes: Mapping[str, Lane]) -> None:
        self._lanes = lanes
        self._state = {name: "thin" if lane.kind == SERVER else "" for name, lane in lanes.items()}
        self._pending = 0

    def bars(self, event: SeenEvent) -> tuple[Bar, ...]:
        """The bars of an event's row; what it begins or ends stops in the row's middle."""
        before = dict(self._state)
        self._go_on(event)
        return tuple(self._bars(before))

    def _bars(self, before: Mapping[str, str]) -> Iterator[Bar]:
        for name, lane in self._lanes.items():
            old, new = before[name], self._state[name]
            if old and old == new:
                yield lane.x, old, 0, 0
                continue
            if old:
                yield lane.x, old, 0, MIDDLE
            if new:
                yield lane.x, new, MIDDLE, 0

    def _go_on(self, event: SeenEvent) -> None:
        lane, what = _lane(event.source), event.what
        if what in REQUESTS:
            self._pending = max(0, self._pending + (1 if what == "asks" else -1))
            self._state[SERVER] = "busy" if self._pending else "thin"
        kind = self._lanes[lane].kind if lane else ""
        if kind == "page" or (kind not in ("", SERVER, "job")):
            self._state[lane] = "thin"
        elif kind == "job":
            self._state[lane] = {"ends": "", "child ends": self._state[lane]}.get(what, "runs")
            if what == "reaches":
                self._state[lane] = "waits"


def _rows(events: Sequence[SeenEvent], lanes: Mapping[str, Lane], subject: str) -> Iterator[Row]:
    lives = _Lives(lanes)
    for before, event in zip([None, *events], events, strict=False):
        if event.what == "fenced" or _is_its_own_echo(before, event):  # the harness's own
            continue
        lane = _lane(event.source)
        words, detail = _words(event)
        yield Row(
            time=f"{event.ms:.0f}",
            lane=event.source,
            kind=event.what if event.what in STYLED else "",
            words=words,
            detail=detail,
            bars=lives.bars(event),
            arrow=_arrow(event.what, lanes, lane),
            dot=lanes[lane].x if lane else None,
            is_subject=bool(subject) and event.facts.get("prop") == subject,
        )


def _is_its_own_echo(before: SeenEvent | None, event: SeenEvent) -> bool:
    """True of a page that shows what its user has just typed."""
    if before is None or before.what != "acts" or event.what != "shows":
        return False
    return event.facts.get("prop") == before.facts.get("prop")


def _arrow(what: str, lanes: Mapping[str, Lane], lane: str) -> str:
    """The path of a request, of its answer, or of one that was cut on its way."""
    if what not in REQUESTS:
        return ""
    page, server = lanes[lane].x, lanes[SERVER].x
    if what == "asks":
        return f"M{page + 5} {MIDDLE}H{server - 5}m-5-4l5 4-5 4"
    if what == "hears":
        return f"M{server - 5} {MIDDLE}H{page + 7}m5-4l-5 4 5 4"
    half = (page + server) // 2
    return f"M{server - 5} {MIDDLE}H{half}m-4-4l8 8m0-8l-8 8"


#: The facts of an event.
Facts = Mapping[str, JsonValue]


def _words(event: SeenEvent) -> tuple[str, str]:
    """What happened, in a few words, and its other facts."""
    words = _WORDS.get(event.what)
    try:
        return words(event.facts) if words else (event.what, _rest(event.facts))
    except (KeyError, TypeError):  # an event of the app with the name of another
        return event.what, _rest(event.facts)


def _act(facts: Facts) -> tuple[str, str]:
    component, _, name = str(facts["prop"]).partition(".")
    if name == "n_clicks":
        return f"the user clicks {component}", ""
    if not name:  # "clicks", and perhaps why in vain
        why = str(facts["value"]).removeprefix("clicks").strip(" ,")
        return f"the user clicks {component}", why
    return f"the user sets {facts['prop']}", _text(facts["value"])


def _request(facts: Facts) -> tuple[str, str]:
    query = facts.get("query")
    words = ", ".join(map(str, query)) if isinstance(query, list) else ""
    return f"asks for {facts['output']}", f"with {words}" if words else ""


def _start(facts: Facts) -> tuple[str, str]:
    arguments = facts["arguments"]
    return f"{facts['job']} starts", _rest(arguments) if isinstance(arguments, dict) else ""


_WORDS: dict[str, Callable[[Facts], tuple[str, str]]] = {
    "acts": _act,
    "asks": _request,
    "hears": lambda f: (f"answer {f['status']}", _text(f["body"]) if f["body"] else ""),
    "shows": lambda f: (f"{f['prop']} = {_text(f['value'])}", _rest(f, "prop", "value")),
    "loses": lambda f: (f"no answer: {f['why']}", f"for {_text(f['request'])}"),
    "opens": lambda f: ("is opened", _text(f["url"])),
    "starts": _start,
    "reaches": lambda f: (f"waits at {_text(f['gate'])}", ""),
    "passes": lambda f: (f"passes {_text(f['point'])}", ""),
    "held": lambda f: (f"is held at {_text(f['point'])}", ""),
    "notifies": lambda f: (f"notifies: {f['message']}", f"kind: {f['kind']}"),
    "fails": lambda f: (f"shows an error (status {f['status']})", _text(f["text"])),
    "repeats": lambda f: (f"the last {f['events']} events {f['times']} times more", ""),
}


def _rest(facts: Mapping[str, object], *without: str) -> str:
    return ", ".join(f"{n} = {_text(value)}" for n, value in facts.items() if n not in without)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
