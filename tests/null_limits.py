"""A plugin for runs against what never runs a job: no rehearsal, and no long wait for what never comes.

``python -m pytest conformance -p tests.null_limits --impl=tests.null_implementations:idle``
"""

from __future__ import annotations

from collections.abc import Collection

import harness.jobs
import harness.pages.page
import harness.plugin.trials
from harness.backends import Backend
from harness.backends.services import Services
from harness.implementations import Implementation
from harness.processes import WarmProcess

# What these implementations do, they have done when they answer. The rest would be waited for in vain.
SECONDS = 0.05

harness.jobs.WAIT_SECONDS = SECONDS
harness.pages.page.WAIT_SECONDS = SECONDS


def _unrehearsed(
    implementation: Implementation,
    python: str,
    dialect: str,
    backend: Backend,
    services: Services | None = None,
    cold: Collection[str] = (),
) -> WarmProcess:
    warm = WarmProcess(python)
    warm.warm(["http.server", "json"])
    return warm


harness.plugin.trials.rehearsed = _unrehearsed
