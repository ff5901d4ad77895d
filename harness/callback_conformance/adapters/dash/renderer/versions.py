"""What the renderers of older releases of Dash do in another way than the newest one."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """The habits of one renderer.

    ``repeats_values``: a poll carries the values of the first request. ``one_job_each``: a callback has one
    job, whatever its outputs are, so that the instances of a callback by ``MATCH`` replace each other.
    ``patches_outputs`` and ``patches_beside``: a patch for an output, or for what is set beside the
    outputs, is applied; where it is not, it is a value. ``texts_alone``: what is set beside the outputs
    finds components whose ids are texts alone. ``trips``: where that finds no component, the renderer
    comes to no end with the call.
    """

    repeats_values: bool = False
    one_job_each: bool = False
    patches_outputs: bool = True
    patches_beside: bool = True
    texts_alone: bool = False
    trips: bool = False

    @classmethod
    def of(cls, index: str) -> Habits:
        """Those of the renderer that a page loads; one that does not tell its version is the newest."""
        found = re.search(r"dash_renderer[.\w]*\.v(\d+)_(\d+)_(\d+)", index)
        if not found:
            return cls()
        version = tuple(map(int, found.groups()))
        return cls(
            repeats_values=version < (3, 0, 2),
            one_job_each=version < (3, 0, 4),
            patches_outputs=version >= (2, 9, 0),
            patches_beside=version >= (3, 3, 0),
            texts_alone=version < (2, 17, 0),
            trips=version < (2, 18, 0),
        )
