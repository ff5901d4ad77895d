"""Proof that a release lacks what its adapter declares absent."""

from __future__ import annotations

from callback_conformance.adapters.feature import ABSENT, Feature
from callback_conformance.session.cell import Cell


class FeatureNotAbsent(Exception):
    """A feature that is declared absent was not found to be so: what needs it is not decided."""


def check_absent(cell: Cell, feature: Feature) -> None:
    """Run the probe of a feature in the cell's environment. Raises FeatureNotAbsent."""
    probe = cell.environment.run(cell.absent[feature])
    if probe.returncode or probe.stdout.strip() != ABSENT:
        seen = probe.stderr.strip() if probe.returncode else probe.stdout.strip()
        raise FeatureNotAbsent(
            f"{cell.release_name} is declared not to offer {feature.description}, but its probe found: {seen}"
        )
