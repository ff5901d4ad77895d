"""The command ``callback-conformance``, typed in a test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from callback_conformance.cli.main import PROGRAM, main

#: What a user types, as it is installed beside this interpreter.
PROGRAM_FILE = Path(sys.executable).with_name(PROGRAM)


def typed(*words: str) -> int:
    """Type a command in this process, and return its exit status."""
    with pytest.raises(SystemExit) as ended:
        main.main(list(words), prog_name=PROGRAM)
    assert isinstance(ended.value.code, int)
    return ended.value.code


if __name__ == "__main__":
    main(prog_name=PROGRAM)
