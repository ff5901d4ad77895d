"""What is left of a run or of a matrix for those who were not there: data, and pages to read.

A run of pytest writes ``report.json`` (``--report=DIR``); ``build(DIR)`` makes pages of one such run, or of all
the runs of a matrix.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["build"]


def build(folder: Path, link: str = "") -> Path:
    """Read the runs in ``folder`` and write ``folder/report``; return its ``index.html``.

    ``link`` is where the pages will be published: ``matrix.md`` then leads there from anywhere.
    Raises ``callback_conformance.results.json_file.BadFile`` when there is nothing to read, or a file is wrong.
    """
    from callback_conformance.report import (
        pages,
    )  # here: a run of pytest writes its data without these libraries

    return pages.build(folder, link)
