"""What hypothesis draws: the same values in each run, unless the command line asks for others.

The seed is made of the specification, so that a run can be repeated from its header alone;
``--hypothesis-seed=N`` draws other values.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from harness.spec import Specification

PROFILE = "conformance"
EXACT = 2**53  # beyond it a browser rounds integers
EXAMPLES = 10  # each opens an app, which takes some 0.1 s

settings.register_profile(
    PROFILE,
    max_examples=EXAMPLES,
    deadline=None,  # a busy machine is no failure
    database=None,  # no run depends on an earlier one
    phases=(Phase.explicit, Phase.generate),  # to shrink a failure would cost a page each time
    report_multiple_bugs=False,  # so that a failure is the violation itself, not a group of them
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def configure(config: pytest.Config, specification: Specification) -> None:
    """Choose the profile, and the seed if the command line chose none."""
    settings.load_profile(PROFILE)
    if config.option.hypothesis_seed is None:  # its own plugin takes the option from there
        config.option.hypothesis_seed = int(specification.hash[:8], 16)


def json_values() -> st.SearchStrategy[Any]:
    """Small JSON values of every kind, none of which is both an integer and a float: JSON does not tell
    ``1`` from ``1.0``, and an implementation may."""
    fractions = st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda n: not n.is_integer()
    )
    alike = st.sampled_from(["0", "1", "None", "null", "True", "[]", "{}"])
    scalars = st.none() | st.booleans() | st.integers(-EXACT, EXACT) | fractions | alike
    keys = st.text(max_size=3)
    return st.recursive(
        scalars | st.text(max_size=4),
        lambda part: st.lists(part, max_size=3) | st.dictionaries(keys, part, max_size=3),
        max_leaves=6,
    )
