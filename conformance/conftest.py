"""The suite's fixtures, here as well as in the plugin: those of a conftest file above would take precedence."""

from callback_conformance.plugin.fixtures import (
    cell,
    full_load,
    known_failures,
    observe,
    open_page,
    seed,
)

__all__ = ["cell", "full_load", "known_failures", "observe", "open_page", "seed"]
