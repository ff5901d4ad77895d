"""A plugin for runs against what never runs a job: no warm-up, and no long wait for what never comes.

``python -m pytest conformance -p tests.null_limits --impl=tests.null_implementations:idle``
"""

from __future__ import annotations

from collections.abc import Collection

import callback_conformance.session.warm_processes
from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.services import Services
from callback_conformance.control import violation
from callback_conformance.explore import check
from callback_conformance.processes import WarmProcess

# What these implementations do, they have done when they answer. The rest would be waited for in vain.
SECONDS = 0.05

violation.WAIT_SECONDS = SECONDS
check.REDUCE_SECONDS = 0


def _without_warm_up(
    implementation: Adapter,
    python: str,
    dialect: str,
    backend: Backend,
    services: Services | None = None,
    imported_late: Collection[str] = (),
) -> WarmProcess:
    warm = WarmProcess(python)
    warm.warm(["http.server", "json"])
    return warm


callback_conformance.session.warm_processes.warm_up = _without_warm_up
