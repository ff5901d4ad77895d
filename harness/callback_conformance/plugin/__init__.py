"""The pytest plugin, and what the suite's tests take from it: markers, and the types of its fixtures."""

from callback_conformance.adapters import Feature
from callback_conformance.backends import Capability
from callback_conformance.plugin.markers import (
    Observe,
    compares_with_model,
    covers,
    lacks,
    needs,
    observes,
    only,
    probes_absence,
    takes_time,
    wire_only,
)
from callback_conformance.session.open_page import OpenPage

__all__ = [
    "Capability",
    "Feature",
    "Observe",
    "OpenPage",
    "compares_with_model",
    "covers",
    "lacks",
    "needs",
    "observes",
    "only",
    "probes_absence",
    "takes_time",
    "wire_only",
]
