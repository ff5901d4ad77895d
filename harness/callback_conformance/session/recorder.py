"""Records what a failing test has seen, and explains it to its reader."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from callback_conformance.control.timeline import Event
from callback_conformance.processes import App, WorkerProcess
from callback_conformance.results.failure import Failure, NativeApp, SeenEvent, fold
from callback_conformance.results.json_file import JsonValue
from callback_conformance.session.session import AppSession
from callback_conformance.spec import Requirement

FACT_CHARACTERS = 600  # of one fact of an event: a longer one is a page's whole layout, say
LOG_LINES = 40
LINE_CHARACTERS = 240  # of a line of the log: an address may hold long keys
LAST_EVENTS, LAST_LINES = 25, 15  # what fits on a screen together with the rest


def record(
    test: str, message: str, trace: str, command: str, session: AppSession | None
) -> Failure:
    """What a failing test leaves; ``session`` is what it has run, if it got that far."""
    events = tuple(fold(list(_events(session)))) if session else ()
    programs = tuple(_apps(session)) if session else ()
    return Failure(test, message, trace, command, events, programs)


def explain(
    requirements: Iterable[Requirement],
    message: str,
    session: AppSession,
    command: str,
    program_folder: Path | None,
) -> str:
    """The requirements, what was expected and seen, the last events, the program, the command. The programs are
    kept in ``program_folder``."""
    lines = []
    for requirement in requirements:
        lines += [f"{requirement.id} ({requirement.level}): {requirement.plain}"]
        lines += [f"  source: {requirement.source}"]
    lines += ["", message.strip() or "(no message)", ""]
    lines += ["last events:", session.timeline.last(LAST_EVENTS), ""]
    for program in session.keep_programs(program_folder) if program_folder else ():
        lines.append(f"native app (run it with the implementation's python): {program}")
    lines.append(f"run this test again: {command}")
    for name, printed in session.logs(LAST_LINES):
        lines += ["", f"{name} printed last:", printed]
    return "\n".join(lines)


def _events(session: AppSession) -> Iterator[SeenEvent]:
    for event in sorted(session.timeline, key=lambda event: event.at):
        ms = round((event.at - session.timeline.start) * 1000, 1)
        yield SeenEvent(ms, event.source, event.what, _facts(event))


def _facts(event: Event) -> dict[str, JsonValue]:
    return {name: _short(value) for name, value in event.facts.items()}


def _short(value: object) -> JsonValue:
    """A value as JSON has it; one that is long, or that JSON lacks, as the beginning of its text."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        value = repr(value)
        text = json.dumps(value, ensure_ascii=False)
    if len(text) > FACT_CHARACTERS:
        text = json.dumps((value if isinstance(value, str) else text)[:FACT_CHARACTERS] + " …")
    # A lone surrogate cannot be written to a file.
    encodable: JsonValue = json.loads(text.encode(errors="replace"))
    return encodable


def _apps(session: AppSession) -> Iterator[NativeApp]:
    """The programs of the apps that are not closed yet."""
    for app in session.apps:
        workers = [worker for worker in session.workers if worker.log.parent == app.folder]
        with contextlib.suppress(FileNotFoundError):
            files = {
                name: (app.folder / name).read_text(encoding="utf-8", errors="replace")
                for name in sorted(app.files)
            }
            source = app.program.read_text(encoding="utf-8")
            yield NativeApp(source, files, _log(app, workers))


def _log(app: App, workers: Iterable[WorkerProcess]) -> str:
    """What an app and its workers printed last."""
    lines = app.log_tail(LOG_LINES).splitlines()
    for worker in workers:
        if printed := worker.log_tail(LOG_LINES).splitlines():
            lines += ["", f"{worker.log.stem} printed last:", *printed]
    return "\n".join(line[:LINE_CHARACTERS] for line in lines).lstrip("\n")
