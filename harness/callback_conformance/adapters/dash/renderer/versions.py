"""What the renderers of older releases of Dash do differently from the newest."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class RendererQuirks:
    """How one renderer differs; the defaults are those of the newest."""

    #: A poll carries the values of the first request.
    repeats_values: bool = False
    #: A callback has one job, whatever its outputs are: the instances of a callback by ``MATCH`` replace each
    #: other.
    one_job_each: bool = False
    #: A patch for an output is applied; otherwise it is a value.
    patches_outputs: bool = True
    #: So is a patch for what comes beside the outputs.
    patches_beside: bool = True
    #: What comes beside the outputs finds only components whose ids are strings.
    string_ids_only: bool = False
    #: Where that finds no component, the call never ends.
    stalls_on_missing_component: bool = False
    #: An id with ``ALL`` that no component matches is left out, as the page announces.
    leaves_out_unmatched: bool = False

    @classmethod
    def of(cls, index: str) -> RendererQuirks:
        """The quirks of the renderer that a page loads; one without a version in its name is the newest."""
        match = re.search(r"dash_renderer[.\w]*\.v(\d+)_(\d+)_(\d+)", index)
        if not match:
            return cls()
        version = tuple(map(int, match.groups()))
        return cls(
            repeats_values=version < (3, 0, 2),
            one_job_each=version < (3, 0, 4),
            patches_outputs=version >= (2, 9, 0),
            patches_beside=version >= (3, 3, 0),
            string_ids_only=version < (2, 17, 0),
            stalls_on_missing_component=version < (2, 18, 0),
        )
