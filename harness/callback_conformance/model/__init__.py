"""SPEC.md as an executable model: what pages may show, given a scenario and what is done. It knows neither the tests nor
any implementation."""

from callback_conformance.model.allowed import Allowed
from callback_conformance.model.jobs import NotModelled
from callback_conformance.model.model import Model

__all__ = ["Allowed", "Model", "NotModelled"]
