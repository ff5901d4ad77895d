"""The directory of a manager that is given no cache."""

from __future__ import annotations

import os
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from impl_dash_style.exceptions import DeclarationError


def directory() -> str:
    """A temporary directory, the same for all server processes of one program on one machine.

    They were started together (a process group), in one folder and by one command.
    """
    if sys.platform == "win32":
        return tempfile.mkdtemp(prefix="impl_dash_style-")  # no process group to share it in
    program = [os.getuid(), os.getpgrp(), os.getcwd(), *sys.orig_argv]
    name = sha256(repr(program).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir(), f"impl_dash_style-{name}")
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    # Whoever could open it would read every user's results, and the secret that signs handles.
    if path.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise DeclarationError(
            f"{path} belongs to somebody else, or others may open it; give DiskcacheManager a cache"
        )
    return str(path)
