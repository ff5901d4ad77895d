"""What the tests of chapter 7 share: a callback with progress, and the components that show it."""

from __future__ import annotations

from typing import Any

from callback_conformance.scenario import (
    Button,
    ProgressBar,
    Steps,
    Store,
    Text,
    background,
    give,
    report,
    wait_at,
)

RUN, CANCEL, OUT, BAR = Button("run"), Button("cancel"), Text("out", "before"), ProgressBar("bar")
KEPT = Store("kept", "layout")
BOTH = ["bar.value", "bar.max"]
WAITING = wait_at("gate") >> give("done")


def progressing(job: Steps, progress: Any = BOTH, **more: Any) -> Any:
    """The callback of ``run`` with progress: two properties of one component, in the form of each dialect."""
    options = {"output": "out.children", "inputs": "run.n_clicks", **more}
    return background(job=job, progress=progress, **options)


#: Progress that counts to ten; its default is empty.
COUNTING = progressing(report(("1", "5")) >> WAITING, progress_default=["0", "10"])
