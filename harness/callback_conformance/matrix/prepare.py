"""Makes the environment of an implementation: ``python -m callback_conformance.matrix.prepare dash@2.18.2``.

Run as a process of its own, so that an installation that hangs can be given up. It prints what is installed there
as JSON, or the reason why there is no environment, with exit status 1.
"""

from __future__ import annotations

import json
import subprocess
import sys

from packaging.utils import canonicalize_name

from callback_conformance.adapters import UnknownImplementation, find
from callback_conformance.install import command_for
from callback_conformance.processes import Environment, EnvironmentNotMade, suite_environment

_LIST = (
    "import importlib.metadata as m, json;"
    "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
)


def prepare(release: str) -> Environment:
    """The environment of ``NAME@VERSION``, made if need be, or the one beside the suite. Raises EnvironmentNotMade."""
    name, _, version = release.partition("@")
    adapter = find(name)
    if not version or adapter.requirements is None:
        return suite_environment(adapter.distributions, command_for(adapter.distributions))
    return adapter.environment(version)


def installed(python: str) -> dict[str, str]:
    """All that an interpreter can import, with versions."""
    isolated = [python, "-I", "-c", _LIST]  # without what lies in the working directory
    completed = subprocess.run(isolated, capture_output=True, text=True, check=True)
    versions: dict[str, str] = json.loads(completed.stdout)
    return {canonicalize_name(name): version for name, version in sorted(versions.items())}


def main(release: str) -> int:
    """Make it, and print what is in it."""
    try:
        print(json.dumps(installed(prepare(release).python)))
    except (EnvironmentNotMade, UnknownImplementation) as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
