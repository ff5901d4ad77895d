"""What one run of pytest leaves for machines: ``report.json``; its JUnit XML is written by pytest itself."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.plugin.cells import Cell
from callback_conformance.plugin.verdicts import Verdicts


def write_report(folder: Path, config: pytest.Config, verdicts: Verdicts) -> None:
    """Write ``report.json`` into ``folder``."""
    data = {
        "suite": importlib.metadata.version("callback-conformance"),
        "specification": verdicts.specification.hash,
        "environment": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "command": ["pytest", *config.invocation_params.args],
        },
        "started": f"{verdicts.started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round((datetime.now(UTC) - verdicts.started).total_seconds(), 1),
        "seed": _seed(config),
        "narrowed": verdicts.narrowed,
        "cells": [_cell(verdicts, cell) for cell in verdicts.cells],
    }
    text = json.dumps(data, indent=1, ensure_ascii=False, default=str)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")


def _seed(config: pytest.Config) -> str | None:
    """The seed of a random order, where the plugin that makes one was asked for it."""
    chosen = getattr(config.option, "random_order_seed", None)
    return None if chosen is None else str(chosen)


def _cell(verdicts: Verdicts, cell: Cell) -> dict[str, Any]:
    return {
        "implementation": cell.implementation.name,
        "id": cell.id,
        "asked": cell.asked,
        "dialect": cell.dialect,
        "backend": cell.backend.name,
        "driver": cell.driver,
        "versions": cell.environment.versions,
        "failures": {
            test: failure
            for (name, test), failure in sorted(verdicts.failures.items())
            if name == cell.id
        },
        "census": {t: what for (name, t), what in verdicts.census.items() if name == cell.id},
        "requirements": {
            one.id: {
                "level": one.level,
                "verdict": verdicts.verdict(cell, one),
                "reason": verdicts.reason(cell, one) or None,
                "tests": [
                    {
                        "name": result.test,
                        "outcome": result.outcome,
                        "message": result.message,
                        "deviation": result.deviation or None,
                    }
                    for result in verdicts.results(cell, one)
                ],
            }
            for one in verdicts.specification.requirements.values()
        },
    }
