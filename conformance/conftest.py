"""The suite's fixtures, here as well as in the plugin: those of a conftest file above would take precedence."""

from callback_conformance.plugin.fixtures import cell, observe, open_page

__all__ = ["cell", "observe", "open_page"]
