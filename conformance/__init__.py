"""The suite: one module for each chapter of SPEC.md."""
