"""Runs for the tests of reports: made up, in the form in which pytest and the matrix leave them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callback_conformance.spec.specification import load

EVIL = "</script><script>alert('x')</script><img src=x onerror=alert(1)>&amp;"

EVENTS: list[dict[str, Any]] = [
    {"ms": 1.0, "source": "page-1", "what": "opens", "facts": {"url": "http://127.0.0.1:1"}},
    {"ms": 2.0, "source": "page-1", "what": "acts", "facts": {"prop": "run.n_clicks", "value": 1}},
    {"ms": 2.1, "source": "page-1", "what": "shows", "facts": {"prop": "run.n_clicks", "value": 1, "source": "user"}},
    {"ms": 3.0, "source": "page-1", "what": "asks", "facts": {"output": "out.children", "query": []}},
    {"ms": 4.0, "source": "job-1", "what": "starts", "facts": {"job": "job", "arguments": {"n_clicks": 1}}},
    {"ms": 5.0, "source": "page-1", "what": "hears", "facts": {"output": "out.children", "status": 200, "body": EVIL}},
    {"ms": 6.0, "source": "job-1", "what": "reaches", "facts": {"gate": "gate"}},
    {"ms": 7.0, "source": "server-77", "what": "passes", "facts": {"point": "store read"}},
    {"ms": 8.0, "source": "job-1", "what": "ends", "facts": {}},
    {"ms": 9.0, "source": "page-1", "what": "loses", "facts": {"request": "out.children", "why": "connection cut"}},
    {"ms": 10.0, "source": "page-1", "what": "shows", "facts": {"prop": "out.children", "value": EVIL, "source": "response"}},
]  # fmt: skip

MESSAGE = f"out.children is 'before' on page-1; expected {EVIL!r}"

FAILURE: dict[str, Any] = {
    "test": "conformance/test_x.py::test_fails[cell]",
    "message": MESSAGE,
    "trace": f"E   Violation {EVIL}",
    "command": f"pytest 'conformance/test_x.py::test_fails[{EVIL}]' --impl=x",
    "events": EVENTS,
    "programs": [{"source": f"print({EVIL!r})\n", "files": {"data.txt": EVIL}, "log": EVIL}],
}

DEVIATION = "dash-result-lost-on-return"


def cell(
    asked: str = "dash@4.4.1",
    dialect: str = "background",
    backend: str = "diskcache",
    violated: Mapping[str, str] | None = None,
    undecided: Sequence[str] = (),
    excluded: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A cell of a run: all that binds the dialect is verified but what is ``violated`` (the requirement, and its
    known deviation or nothing), ``undecided``, or ``excluded`` by its backend (the requirement, and why)."""
    name, _, version = asked.partition("@")
    violated, excluded = violated or {}, excluded or {}
    return {
        "id": f"{asked}-{dialect}-{backend}-wire",
        "implementation": name,
        "asked": asked,
        "dialect": dialect,
        "backend": backend,
        "driver": "wire",
        "versions": {name: version or "0.1.0"},
        "failures": {"test_fails": FAILURE} if violated else {},
        "census": {"an older job": "stopped"},
        "requirements": {
            one.id: {**_found(one.level, _verdict(one.id, one.dialects, dialect, violated, undecided, excluded), violated.get(one.id)), "reason": excluded.get(one.id)}
            for one in load().requirements.values()
        },
    }  # fmt: skip


def _verdict(
    id: str, binds: Sequence[str], dialect: str, violated: Mapping[str, str], undecided: Sequence[str],
    excluded: Mapping[str, str],
) -> str:  # fmt: skip
    if dialect not in binds or id in excluded:
        return "not applicable"
    return "violated" if id in violated else "not decided" if id in undecided else "verified"


def _found(level: str, verdict: str, deviation: str | None) -> dict[str, Any]:
    held = {"name": "test_holds", "outcome": "held", "message": "", "deviation": None}
    fails = {
        "name": "test_fails",
        "outcome": "violated",
        "message": MESSAGE,
        "deviation": deviation or None,
    }
    tests = {"verified": [held], "violated": [held, fails]}
    return {"level": level, "verdict": verdict, "tests": tests.get(verdict, [])}


def run(*cells: dict[str, Any]) -> dict[str, Any]:
    """What one pytest has found in these cells."""
    return {
        "suite": "0.1.0",
        "specification": load().hash,
        "environment": {
            "python": "3.12",
            "platform": "Linux",
            "command": ["pytest", "conformance"],
        },
        "started": "2026-01-02T03:04:05Z",
        "seconds": 12.5,
        "seed": None,
        "narrowed": False,
        "cells": list(cells),
    }


def write_run(folder: Path, *cells: dict[str, Any]) -> Path:
    """A folder as ``--report=folder`` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(run(*cells)), encoding="utf-8")
    return folder


def write_matrix(
    folder: Path, cells: Sequence[dict[str, Any]], missing: Sequence[Mapping[str, str]] = ()
) -> Path:
    """A folder as a matrix leaves it; ``missing`` are cells that did not run."""
    for one in cells:
        place = write_run(folder / "cells" / one["id"], one)
        _about(place, one, state="ran", reason="")
    for absent in missing:
        name = f"{absent['asked']}-{absent['dialect']}-{absent['backend']}-wire"
        place = folder / "cells" / name
        place.mkdir(parents=True)
        _about(place, absent, **absent)
    return folder


def _about(place: Path, one: Mapping[str, Any], **more: str) -> None:
    about = {
        "asked": one["asked"],
        "dialect": one["dialect"],
        "backend": one["backend"],
        "driver": "wire",
        "seconds": 12.5,
        "command": ["pytest", "conformance", f"--impl={one['asked']}"],
        **more,
    }
    (place / "cell.json").write_text(json.dumps(about), encoding="utf-8")
