"""What runs find out: cells, outcomes, verdicts and known failures, and the files that hold them.

``report.json`` (one run of pytest), ``cell.json`` (one cell of a matrix) and ``matrix.json`` (a report of all) are
written and read here alone.
"""
