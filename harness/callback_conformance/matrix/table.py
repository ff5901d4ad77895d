"""The short table at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callback_conformance.results.cell_file import CellResult
from callback_conformance.results.verdict import Verdict

COUNTED = (Verdict.VERIFIED, Verdict.VIOLATED, Verdict.NOT_DECIDED, Verdict.NOT_APPLICABLE)


def table(results: Sequence[CellResult]) -> Iterator[str]:
    """One line for each cell, in the order of their ids, then all together."""
    width = max(len(result.id) for result in results)
    yield f"{'cell':<{width}}  {'  '.join(COUNTED)}  seconds  state"
    for result in sorted(results, key=lambda result: result.id):
        counts = (f"{result.counts[name] or '.':>{len(name)}}" for name in COUNTED)
        state = str(result.state)
        if result.ran and not result.as_recorded:
            state += ", not as recorded"
        yield f"{result.id:<{width}}  {'  '.join(counts)}  {result.seconds:>7.0f}  {state}"
    ran = [result for result in results if result.ran]
    unexpected = [result for result in ran if not result.as_recorded]
    yield (
        f"cells: {len(results)}; without verdicts: {len(results) - len(ran)}; "
        f"not as conformance/expected records: {len(unexpected)}"
    )
    for result in results:
        if not result.ran:
            yield f"{result.id} {result.state}:"
            yield from (f"    {line}" for line in result.reason.splitlines())
