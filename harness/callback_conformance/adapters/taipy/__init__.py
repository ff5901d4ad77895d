"""Taipy and what offers its names: from a scenario to a program, and the pages that open it."""
