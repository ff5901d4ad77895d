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
from callback_conformance.ledger.fault_report import entries_of, fixed_in, issue, since
from callback_conformance.ledger.index import index_is_current, write_index
from callback_conformance.ledger.run import (
    BadRelease,
    Outcome,
    ReproducerRun,
    outputs_of,
    report,
    run_all,
    runs_for,
)
from callback_conformance.ledger.source import NotExportable
from callback_conformance.ledger.symptoms import Symptom, read_symptoms, worst_first

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
    "Symptom",
    "UnknownDeviation",
    "choose",
    "entries_of",
    "export",
    "find_deviation",
    "fixed_in",
    "index_is_current",
    "issue",
    "outputs_of",
    "read_ledger",
    "read_symptoms",
    "report",
    "run_all",
    "runs_for",
    "since",
    "worst_first",
    "write_index",
]
