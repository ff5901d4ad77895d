"""Dash, Dash Labs and what speaks their protocol: from a scenario to a program, and the pages that open it."""
