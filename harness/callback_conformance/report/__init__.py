"""Pages and exports of a run of pytest (``report.json``), or of all the runs of a matrix."""

from callback_conformance.report.pages import build

__all__ = ["build"]
