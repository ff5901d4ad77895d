"""The assertions about jobs, each with scripts on which it must fail and on which it must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.scripted_page import Assertion, Scene, Try, held, violated
from tests.scripted_steps import (
    dies,
    emits,
    ends,
    has_child,
    heard,
    hits,
    reaches,
    reports,
    starts,
    taken,
    writes,
)

JOB = "job-1 (job, process 7)"


def meanwhile(use: Callable[[Scene], object]) -> Callable[[Scene], object]:
    """The assertion begins while what ``sent`` brings is still unheard."""

    def use_meanwhile(scene: Scene) -> object:
        scene.tab.fence()
        return use(scene)

    return use_meanwhile


def of_job(name: str, use: Callable[[Any], object], *tries: Try) -> Assertion:
    """An assertion about a job that was taken."""
    return Assertion(f"JobRun.{name}", meanwhile(lambda scene: use(scene.job)), tries)


def at_gate(name: str, use: Callable[[Any], object], *more: Try) -> Assertion:
    """A wait for the gate, which a job may reach late, and that may never happen."""
    return of_job(
        name,
        use,
        violated(
            "it reaches none", f"{JOB} did not reach the gate 'gate' within 0 s", before=START
        ),
        violated(
            "it reaches another",
            f"{JOB} did not reach the gate 'gate' within 0 s",
            before=START,
            sent=[reaches("other"), heard],
        ),
        held("it reaches it late", before=START, sent=[LATE, reaches("gate")]),
        held("it waits there", before=[*START, reaches("gate")]),
        *more,
    )


def two_at_a_point(scene: Scene) -> None:
    """Two are held at a point that is hit later."""
    point = scene.controller.hold("read")
    scene.tab.fence()
    point.wait_for_hits(2)


#: A job that the test has taken.
START = [starts(), taken]
LATE = emits("dawdles")
ENDED = f"{JOB} ended before it reached the gate 'gate'"
NO_WORD = f"{JOB} did not emit 'word' within 0 s"
WORD = emits("word")

RUNS = [
    at_gate(
        "wait_for_gate",
        lambda job: job.wait_for_gate("gate"),
        violated("it ends", ENDED, before=START, sent=[ends(), heard]),
    ),
    at_gate(
        "release",
        lambda job: job.release("gate"),
        violated("it ends", ENDED, before=START, sent=[ends(), heard]),
    ),
    at_gate(
        "wait_for_gate_if_alive",
        lambda job: job.wait_for_gate_if_alive("gate"),
        held("it ends", before=START, sent=[LATE, ends()]),
    ),
    at_gate(
        "release_if_alive",
        lambda job: job.release_if_alive("gate"),
        held("it ends", before=START, sent=[LATE, ends()]),
    ),
    of_job(
        "wait_for_event",
        lambda job: job.wait_for_event("word"),
        violated("it emits none", NO_WORD, before=START),
        violated("it emits another", NO_WORD, before=START, sent=[emits("other"), heard]),
        violated("another job emits it", NO_WORD, before=START, sent=[starts(), WORD, heard]),
        violated(
            "it ends", f"{JOB} ended before it emitted 'word'", before=START, sent=[ends(), heard]
        ),
        held("it emits it late", before=START, sent=[LATE, WORD]),
        held("it emitted it and has ended", before=[*START, WORD, ends()]),
    ),
    of_job(
        "wait_for_event_if_alive",
        lambda job: job.wait_for_event_if_alive("word"),
        violated("it emits another", NO_WORD, before=START, sent=[emits("other"), heard]),
        held("it ends", before=START, sent=[LATE, ends()]),
        held("it emits it late", before=START, sent=[LATE, WORD]),
    ),
    of_job(
        "wait_for_end",
        lambda job: job.wait_for_end(),
        violated("it runs", f"{JOB} did not end within 0 s", before=[*START, reaches("gate")]),
        violated(
            "another ends",
            f"{JOB} did not end within 0 s",
            before=START,
            sent=[starts(), ends(), heard],
        ),
        held("it ends late", before=START, sent=[LATE, ends()]),
        held("its thread ends", before=START, sent=[LATE, dies]),
        held("it has ended", before=[*START, ends()]),
    ),
    of_job(
        "wait_for_rest",
        lambda job: job.wait_for_rest(),
        violated("it runs", f"{JOB} did not reach a gate or end within 0 s", before=START),
        held("it reaches a gate late", before=START, sent=[LATE, reaches("gate")]),
        held("it ends late", before=START, sent=[LATE, ends()]),
    ),
    of_job(
        "wait_for_child_end",
        lambda job: job.wait_for_child_end(),
        violated(
            "a child lives",
            f"{JOB} did not take its child process with it within 0 s",
            before=[*START, has_child],
        ),
        held("it has none", before=START),
    ),
    of_job(
        "expect_write",
        lambda job: job.expect_write("store"),
        violated(
            "it does not write",
            f"{JOB} did not write into the store of the manager 'store'",
            before=[*START, ends()],
        ),
        violated(
            "it writes into another",
            f"{JOB} did not write into the store of the manager 'store'",
            before=[*START, writes("other")],
        ),
        held("it has written", before=[*START, writes("store"), ends()]),
    ),
    of_job(
        "expect_no_write",
        lambda job: job.expect_no_write("store"),
        violated(
            "it has written",
            f"{JOB} wrote into the store of the manager 'store'",
            before=[*START, writes("store"), ends()],
        ),
        violated(
            "it may still write", f"{JOB} did not reach a gate or end within 0 s", before=START
        ),
        held("it has written into another", before=[*START, writes("other"), ends()]),
    ),
    Assertion(
        "Breakpoint.wait_for_hits",
        two_at_a_point,
        [
            violated("one passes", "1 of 2 passed 'read' in 0 s", sent=[hits("read"), heard]),
            violated(
                "a job passes, which is not held",
                "1 of 2 passed 'read' in 0 s",
                before=START,
                sent=[reports("hit", point="read"), hits("read"), heard],
            ),
            violated(
                "another point is passed",
                "1 of 2 passed 'read' in 0 s",
                sent=[hits("read"), hits("write"), heard],
            ),
            held("both pass late", sent=[hits("read"), hits("read")]),
        ],
    ),
    Assertion(
        "JobController.next_job",
        meanwhile(lambda scene: scene.controller.next_job()),
        [
            violated("none starts", "no job started within 0 s"),
            violated("it was taken", "no job started within 0 s", before=START),
            held("one starts late", sent=[starts(is_late=True)]),
        ],
    ),
    Assertion(
        "JobController.expect_none_unclaimed",
        lambda scene: scene.controller.expect_none_unclaimed(),
        [
            violated("one started", f"{JOB} started, but no job was expected", before=[starts()]),
            held("it was taken", before=START),
        ],
    ),
]
