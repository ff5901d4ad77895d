"""Tests of the harness, of both implementations' invariants and of the suite itself."""
