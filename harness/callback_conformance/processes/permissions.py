"""What other users of the machine can open."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

ENTER = stat.S_IXGRP | stat.S_IXOTH
OPEN = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
COMPILED = "__pycache__"  # what Python leaves of modules


def open_to_others(folder: Path) -> Iterator[Path]:
    """The files below a folder that others, or members of the group, can open once they are in the folder."""
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            if mode & ENTER and path.name != COMPILED:
                yield from open_to_others(path)
        elif not stat.S_ISLNK(mode) and mode & OPEN:
            yield path
