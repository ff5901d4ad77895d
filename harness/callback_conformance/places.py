"""Where the suite, the ledger and the specification lie: in an installed wheel, or in a checkout.

Standard library alone and quick to import: pytest loads it in runs that have nothing to do with us.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent

#: A wheel holds the suite and the ledger inside the package; in a checkout they are folders at the top.
INSTALLED = (PACKAGE / "suite").is_dir()

#: What holds our two implementations: ``site-packages``, or the top of a checkout.
ROOT = PACKAGE.parent if INSTALLED else PACKAGE.parents[1]

SUITE = PACKAGE / "suite" if INSTALLED else ROOT / "conformance"
LEDGER = PACKAGE / "deviations" if INSTALLED else ROOT / "deviations"
#: The releases that are known to run, and the cells of the compatibility matrix.
MATRIX = (PACKAGE if INSTALLED else ROOT) / "ci" / "matrix.toml"
KNOWN_FAILURES = SUITE / "expected"

#: The specification as prose, which a wheel does not hold; ``spec.json`` is made of it.
SPEC = ROOT / "SPEC.md"
