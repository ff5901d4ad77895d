"""What a release is declared not to offer, and does not: so what SPEC.md requires of it is not applicable."""

from __future__ import annotations

from callback_conformance.plugin import Feature, probes_absence
from callback_conformance.session.absence import check_absent
from callback_conformance.session.cell import Cell


@probes_absence
def test_a_feature_that_a_release_is_declared_to_lack_is_absent(
    cell: Cell, feature: Feature
) -> None:
    check_absent(cell, feature)
