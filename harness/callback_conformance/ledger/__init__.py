"""The ledger of deviations: its entries, their reproducers as single files, runs of them, and the index."""

from callback_conformance.ledger.entries import (
    LEDGER,
    BadEntry,
    Cause,
    Deviation,
    Fault,
    Impact,
    UnknownDeviation,
    choose,
    find_deviation,
    read_ledger,
)
from callback_conformance.ledger.export import export
from callback_conformance.ledger.index import index_is_current, write_index
from callback_conformance.ledger.run import (
    BadRelease,
    Outcome,
    ReproducerRun,
    report,
    run_all,
    runs_for,
)
from callback_conformance.ledger.source import NotExportable

__all__ = [
    "LEDGER",
    "BadEntry",
    "BadRelease",
    "Cause",
    "Deviation",
    "Fault",
    "Impact",
    "NotExportable",
    "Outcome",
    "ReproducerRun",
    "UnknownDeviation",
    "choose",
    "export",
    "find_deviation",
    "index_is_current",
    "read_ledger",
    "report",
    "run_all",
    "runs_for",
    "write_index",
]
