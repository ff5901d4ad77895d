"""An exported reproducer holds what it uses of the common part, and no more, in an order that can be executed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from callback_conformance.ledger import Cause, Deviation, Fault, Impact, NotExportable, export

COMMON = '''\
"""A common module."""

import os
import re
import string

os.environ["STYLE"] = "plain"  # read when a package is imported

import packaging.version

WORDS = ["one", "two"]


class Base:
    """What others build on."""

    # It is used.
    def used(self) -> str:
        return helper()

    def unused(self) -> object:
        return re.compile(string.digits)


def helper() -> str:
    """Return a word."""
    return WORDS[0]


def version() -> object:
    return packaging.version.Version("1")
'''

REPRODUCER = '''\
"""Scripted: it does it wrong."""

from deviations.common.things import Base, version

SEEN = 1


class Derived(Base):
    """A class whose base must be defined before it."""


if __name__ == "__main__":
    version()
    print(Derived().used())
    raise SystemExit(SEEN)
'''


@pytest.fixture
def exported(tmp_path: Path) -> str:
    """The export of a reproducer that uses one method of a class, and the function that it calls."""
    return export(deviation(tmp_path, REPRODUCER))


def deviation(folder: Path, reproducer: str) -> Deviation:
    """An entry with this reproducer, beside the common module."""
    common, fault = folder / "common", folder / "scripted" / "a-fault"
    common.mkdir()
    fault.mkdir(parents=True)
    (common / "things.py").write_text(COMMON)
    (common / "outcome.py").write_text("def conclude(deviates: object) -> None:\n    ...\n")
    file = fault / "scripted-is-wrong.py"
    file.write_text(reproducer)
    cause = Fault("a-fault", "A fault", "It is wrong.")
    return Deviation(
        "scripted-is-wrong",
        "it is wrong",
        "scripted",
        ">=1",
        (),
        Impact.LOST,
        Cause.FRAMEWORK,
        (),
        (),
        file,
        cause,
    )


def test_it_runs_alone(exported: str, tmp_path: Path) -> None:
    file = tmp_path / "alone.py"
    file.write_text(exported)
    completed = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, check=False, cwd="/"
    )
    assert (completed.returncode, completed.stdout) == (1, "one\n"), completed.stderr


def test_it_begins_with_what_it_shows_and_its_exit_statuses(exported: str) -> None:
    assert exported.startswith(
        '"""Scripted: it does it wrong.\n\n'
        "The deviation scripted-is-wrong (scripted>=1). Exit status: 1 it is there, 0 it is gone, 2\n"
        "undecided.\n"
        '"""\n\nfrom __future__ import annotations\n\nimport os\nimport sys\n\n'
    )


def test_it_holds_what_it_uses_alone(exported: str) -> None:
    assert "    # It is used.\n    def used" in exported
    assert "unused" not in exported
    assert "import re\n" not in exported
    assert "import string\n" not in exported


def test_a_missing_package_decides_nothing(exported: str) -> None:
    assert (
        'os.environ["STYLE"] = "plain"  # read when a package is imported\n'
        "try:\n    import packaging.version\nexcept ImportError as missing:\n"
        '    print(f"undecided: {missing}")\n    sys.exit(2)\n' in exported
    )


def test_what_is_needed_first_comes_first(exported: str) -> None:
    places = [exported.index(part) for part in ("class Base", "class Derived", "def version")]
    assert places == sorted(places)


def test_a_reproducer_without_the_common_part_is_its_own_export(tmp_path: Path) -> None:
    assert export(deviation(tmp_path, "raise SystemExit(1)\n")) == "raise SystemExit(1)\n"


def test_a_reproducer_that_defines_what_deviates_is_concluded(tmp_path: Path) -> None:
    text = export(deviation(tmp_path, "def deviates() -> bool:\n    return True\n"))
    assert text.index("def deviates") < text.index("def conclude")
    assert text.endswith('\n\n\nif __name__ == "__main__":\n    conclude(deviates)\n')


def test_a_reproducer_without_what_deviates_is_an_error(tmp_path: Path) -> None:
    reproducer = "from deviations.common.things import version\n\nversion()\n"
    with pytest.raises(NotExportable, match="scripted-is-wrong defines no function `deviates`"):
        export(deviation(tmp_path, reproducer))


def test_a_name_that_the_common_part_does_not_define_is_an_error(tmp_path: Path) -> None:
    reproducer = "from deviations.common.things import nothing\n\n\ndef deviates() -> bool:\n    return nothing()\n"
    with pytest.raises(NotExportable, match=r"common/things\.py does not define nothing"):
        export(deviation(tmp_path, reproducer))


def test_a_name_that_stands_in_both_is_an_error(tmp_path: Path) -> None:
    reproducer = "from deviations.common.things import Base\n\n\ndef helper() -> None:\n    Base().used()\n\n\ndeviates = helper\n"
    with pytest.raises(NotExportable, match="scripted-is-wrong: helper is defined in"):
        export(deviation(tmp_path, reproducer))
