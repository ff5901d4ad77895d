"""SPEC.md as objects."""

from callback_conformance.spec.basis import Basis
from callback_conformance.spec.specification import Requirement, Specification, load

__all__ = ["Basis", "Requirement", "Specification", "load"]
