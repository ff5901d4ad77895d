"""The short table at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callback_conformance.matrix.record import Record

COUNTED = ("verified", "violated", "not decided", "not applicable")


def table(records: Sequence[Record]) -> Iterator[str]:
    """One line for each cell, in the order of their ids, then all together."""
    width = max(len(record.id) for record in records)
    yield f"{'cell':<{width}}  {'  '.join(COUNTED)}  seconds  state"
    for record in sorted(records, key=lambda one: one.id):
        counts = (f"{record.counts[name] or '.':>{len(name)}}" for name in COUNTED)
        state = str(record.state)
        if record.ran and not record.as_recorded:
            state += ", not as recorded"
        yield f"{record.id:<{width}}  {'  '.join(counts)}  {record.seconds:>7.0f}  {state}"
    ran = [record for record in records if record.ran]
    wrong = [record for record in ran if not record.as_recorded]
    yield (
        f"{len(records)} cells: {len(ran)} with verdicts, {len(records) - len(ran)} without; "
        f"{len(wrong)} of them not as conformance/expected records"
    )
    for record in records:
        if not record.ran:
            yield f"{record.id} {record.state}:"
            yield from (f"    {one}" for one in record.reason.splitlines())
