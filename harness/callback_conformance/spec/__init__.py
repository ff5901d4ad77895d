"""SPEC.md as objects."""

from callback_conformance.spec.specification import Requirement, Specification, load

__all__ = ["Requirement", "Specification", "load"]
