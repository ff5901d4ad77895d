"""Faults in real runs, and the verdicts that they must not change: ``make faults``."""
