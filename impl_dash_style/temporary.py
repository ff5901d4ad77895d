"""The directory of a manager that is given no cache."""

from __future__ import annotations

import os
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from .exceptions import DeclarationError


def directory() -> str:
    """Return a temporary directory. The server processes of one program on one machine get the same.

    They were started together (a process group), in one place and by one command.
    """
    if sys.platform == "win32":
        return tempfile.mkdtemp(prefix="impl_dash_style-")  # no process group to share it in
    program = [os.getuid(), os.getpgrp(), os.getcwd(), *sys.orig_argv]
    name = sha256(repr(program).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir(), f"impl_dash_style-{name}")
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    # What lies there is unpickled: it must be of nobody else's making.
    if path.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise DeclarationError(f"{path} belongs to somebody else; give DiskcacheManager a cache")
    return str(path)
