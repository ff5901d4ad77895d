"""``python -m dash_huey.tested app``: the same workers, which tell the conformance suite when a job is over.

Huey's processes go on to the next job, so their end says nothing about a job's. The suite puts ``probe`` beside each
program that it runs.
"""

from __future__ import annotations

import probe

from dash_huey.__main__ import main

main(after_job=probe.finished)
