"""The assertions of a page, each with scripts on which it must fail and on which it must hold."""

from __future__ import annotations

from collections.abc import Callable

from tests.scripted_page import Assertion, Scene, Step, held, violated
from tests.scripted_steps import (
    clicked,
    ends,
    fails,
    heard,
    hears,
    lacks,
    loses,
    notifies,
    reaches,
    shows,
    starts,
    taken,
)

OUT = "out.children"
JOB = "job-1 (job, process 7)"


def job_meanwhile(*steps: Step) -> Callable[[Scene], object]:
    """Nothing that happens meanwhile is to start a job."""

    def use(scene: Scene) -> None:
        with scene.page.server.starting_no_job():
            for step in steps:
                step(scene)

    return use


ACTS = [
    Assertion(
        "Page.click",
        lambda scene: scene.page.click("run"),
        [
            violated("the page lacks the button", "page-1 has no run", before=[lacks("run")]),
            held("the page has it", before=[lacks("out")]),
        ],
    ),
    Assertion(
        "Page.set",
        lambda scene: scene.page.set("name.value", "Ada"),
        [
            violated("the page lacks the field", "page-1 has no name", before=[lacks("name")]),
            held("the page has it", before=[lacks("out")]),
        ],
    ),
]

VALUES = [
    Assertion(
        "Page.expect_value",
        lambda scene: scene.page.expect_value(OUT, "done"),
        [
            violated("nothing arrives", "out.children is None on page-1; expected 'done'"),
            violated(
                "another value arrives",
                "out.children is 'other' on page-1; expected 'done'",
                later=[shows("other")],
            ),
            violated(
                "it was replaced before",
                "out.children is 'other' on page-1; expected 'done'",
                before=[shows("done"), shows("other")],
            ),
            violated(
                "another property has it",
                "out.children is None on page-1; expected 'done'",
                later=[shows("done", "note.children")],
            ),
            violated(
                "the page goes on for ever",
                "out.children is None on page-1; expected 'done'",
                is_endless=True,
            ),
            violated(
                "an error is answered",
                "out.children is None on page-1; expected 'done'\n"
                "the last answer: page-1 hears status=500, body='no such key'",
                later=[hears(200, {}), hears(500, "no such key")],
            ),
            held("it arrives with the fence", sent=[shows("done")]),
            held("it arrives late", later=[shows("other"), shows("done")]),
            held("it arrives and is replaced later", later=[shows("done"), shows("other")]),
            held("it arrived before", before=[shows("done")]),
        ],
    ),
    Assertion(
        "Page.expect_value",
        lambda scene: scene.page.expect_value(OUT, [1, {"a": True}]),
        [
            violated(
                "an equal value of another kind arrives",
                "out.children is [1, {'a': 1}] on page-1; expected [1, {'a': True}]",
                later=[shows([1, {"a": 1}])],
            ),
            held("a tuple arrives", later=[shows((1, {"a": True}))]),
        ],
    ),
    Assertion(
        "Page.expect_where",
        lambda scene: scene.page.expect_where(OUT, lambda value: value > 2, "more than 2"),
        [
            violated(
                "too little arrives",
                "out.children is 2 on page-1; expected more than 2",
                before=[shows(1)],
                later=[shows(2)],
            ),
            held("enough arrives late", before=[shows(1)], later=[shows(2), shows(3)]),
        ],
    ),
    Assertion(
        "Page.expect_unchanged",
        lambda scene: scene.page.expect_unchanged(OUT, "before"),
        [
            violated(
                "another value is on its way",
                "out.children is 'other' on page-1; expected 'before' still",
                before=[shows("before")],
                sent=[shows("other")],
            ),
            violated(
                "it had changed already",
                "out.children is 'other' on page-1; expected 'before' still",
                before=[shows("before"), shows("other")],
            ),
            violated(
                "it flickers and does not return",
                "out.children is 'other' on page-1; expected 'before' still",
                before=[shows("before")],
                sent=[shows("other"), shows("before"), shows("other")],
            ),
            violated(
                "it was never shown",
                "out.children is None on page-1; expected 'before' still",
                later=[shows("before")],
            ),
            held("nothing arrives", before=[shows("before")]),
            held("it flickers and returns", sent=[shows("other"), shows("before")]),
            held("the same value arrives again", before=[shows("before")], sent=[shows("before")]),
            held(
                "what arrives after the fence counts no more",
                before=[shows("before")],
                later=[shows("other")],
            ),
        ],
    ),
    Assertion(
        "Page.expect_unchanged",
        lambda scene: scene.page.expect_unchanged(OUT, 1),
        [
            violated(
                "an equal value of another kind arrives",
                "out.children is True on page-1; expected 1 still",
                before=[shows(1)],
                sent=[shows(True)],
            )
        ],
    ),
    Assertion(
        "Page.expect_never",
        lambda scene: scene.page.expect_never(OUT, "bad"),
        [
            violated(
                "it is on its way",
                "out.children was 'bad' on page-1 and must never be",
                sent=[shows("bad")],
            ),
            violated(
                "it flickers",
                "out.children was 'bad' on page-1 and must never be",
                before=[shows("good")],
                sent=[shows("bad"), shows("good")],
            ),
            violated(
                "it was shown and replaced before",
                "out.children was 'bad' on page-1 and must never be",
                before=[shows("bad"), shows("good")],
            ),
            violated(
                "the page was loaded with it",
                "out.children was 'bad' on page-1 and must never be",
                before=[lambda scene: scene.tab.values.update({OUT: "bad"})],
            ),
            held("nothing arrives"),
            held("what arrives after the fence counts no more", later=[shows("bad")]),
            held("another property has it", sent=[shows("bad", "note.children")]),
            held("another page shows it", sent=[shows("bad", page="page-2")]),
        ],
    ),
]

WHAT_ELSE_IS_SEEN = [
    Assertion(
        "Page.expect_notification",
        lambda scene: scene.page.expect_notification("info", "done"),
        [
            violated(
                "none arrives",
                "page-1 saw []; expected Notification(kind='info', message='done')",
            ),
            violated(
                "others arrive",
                "page-1 saw [Notification(kind='error', message='done'), "
                "Notification(kind='info', message='done!')]; "
                "expected Notification(kind='info', message='done')",
                sent=[notifies("error", "done")],
                later=[notifies("info", "done!")],
            ),
            held("it arrives late", later=[notifies("info", "more"), notifies("info", "done")]),
            held("it arrived before", before=[notifies("info", "done"), notifies("info", "more")]),
        ],
    ),
    Assertion(
        "Page.expect_error",
        lambda scene: scene.page.expect_error(),
        [
            violated(
                "none arrives",
                "page-1 showed no error; expected one that reports the failure",
                later=[shows("Error: it failed")],
            ),
            held("one arrives late", later=[shows("other"), fails(500, "it failed")]),
            held("one arrived before", before=[fails(500, "it failed")]),
        ],
    ),
    Assertion(
        "Page.settle",
        lambda scene: scene.page.settle(),
        [
            violated(
                "it waits for ever",
                "page-1 still waited for an answer after 0 s",
                is_endless=True,
            ),
            held("it waits for nothing more", sent=[shows("other")], later=[shows("done")]),
        ],
    ),
    Assertion(
        "Events.wait_for",
        lambda scene: scene.page.events.wait_for("shows", lambda e: e.facts["value"] == "done"),
        [
            violated("there is none", "no matching 'shows' event within 0 s; got: []"),
            violated(
                "there are others",
                "no matching 'shows' event within 0 s; got: [\"page-1     shows      "
                "prop='out.children', value='other', source='response'\"]",
                before=[hears(200, "done")],
                later=[shows("other")],
            ),
            held("it comes late", later=[shows("other"), shows("done")]),
            held("it came before", before=[shows("done"), shows("other")]),
        ],
    ),
    Assertion(
        "Network.wait_for_answer",
        lambda scene: scene.page.network.wait_for_answer(),
        [
            violated("there is none", "page-1 had no answer to what its user did last"),
            violated(
                "the answer is to an earlier act",
                "page-1 had no answer to what its user did last",
                before=[clicked, hears(200), clicked],
                later=[shows("other")],
            ),
            violated(
                "the request was lost, and sent again",
                "page-1 lost a request before it had an answer",
                before=[clicked, loses("timed out"), hears(200)],
            ),
            held("it comes late", before=[clicked, hears(200), clicked], later=[hears(204)]),
            held("it came before", before=[clicked, hears(204), shows("done")]),
            held("the page has loaded", before=[hears(200), shows("done")]),
        ],
    ),
]

JOBS = [
    Assertion(
        "Page.next_job",
        lambda scene: (scene.page.click("run"), scene.page.next_job()),
        [
            violated("none starts", "no job started within 0 s"),
            violated("it was taken before", "no job started within 0 s", before=[starts(), taken]),
            violated(
                "an error is shown instead",
                "no job started within 0 s, and page-1 shows TabError(status=500, text='new')",
                before=[fails(500, "old")],
                answers={"run.n_clicks": [fails(500, "new")]},
            ),
            violated(
                "an error was shown before",
                "no job started within 0 s",
                before=[fails(500, "old")],
            ),
            held("it is heard late", answers={"run.n_clicks": [starts(is_late=True)]}),
            held(
                "it is the second", before=[starts(), taken], answers={"run.n_clicks": [starts()]}
            ),
            held("it started before", before=[starts()]),
        ],
    ),
    Assertion(
        "Page.expect_no_job",
        lambda scene: scene.page.expect_no_job(),
        [
            violated(
                "one started before", f"{JOB} started, but no job was expected", before=[starts()]
            ),
            violated(
                "one starts, and the probe's report is unread",
                f"{JOB} started, but no job was expected",
                sent=[starts(is_late=True)],
            ),
            violated(
                "one has started and ended",
                f"{JOB} started, but no job was expected",
                before=[starts(), ends()],
            ),
            held("none has started"),
            held("the test has taken it", before=[starts(), taken]),
            held("what starts after the fence counts no more", later=[starts()]),
        ],
    ),
    Assertion(
        "Page.expect_no_job_until_idle",
        lambda scene: scene.page.expect_no_job_until_idle(),
        [
            violated(
                "one starts later",
                f"{JOB} started, but no job was expected",
                later=[shows("other"), starts(), heard],
            ),
            violated(
                "one starts on a page that never rests",
                f"{JOB} started, but no job was expected",
                later=[starts(), heard],
                is_endless=True,
            ),
            held("none starts until the page rests", later=[shows("other")]),
            held("the test has taken it", before=[starts(), taken], later=[shows("other")]),
        ],
    ),
    Assertion(
        "Page.expect_cached",
        lambda scene: scene.page.expect_cached(OUT, "kept"),
        [
            violated("nothing arrives", "out.children is None on page-1; expected 'kept'"),
            violated(
                "a job runs instead",
                f"out.children is None on page-1; expected the stored 'kept', and {JOB} runs instead",
                before=[starts(), reaches("gate")],
                is_endless=True,
            ),
            violated(
                "a job runs, and the next poll brings another value",
                f"out.children is 'new' on page-1; expected the stored 'kept', and {JOB} runs instead",
                before=[starts(), reaches("gate")],
                sent=[shows("new")],
            ),
            held("it arrives late", later=[shows("other"), shows("kept")]),
            held(
                "a job runs, and the next poll brings it",
                before=[starts(), reaches("gate")],
                sent=[shows("kept")],
            ),
        ],
    ),
    Assertion(
        "Server.starting_no_job",
        job_meanwhile(),
        [held("nothing starts", before=[starts(), taken])],
    ),
    Assertion(
        "Server.starting_no_job",
        job_meanwhile(starts(is_late=True)),
        [
            violated(
                "its process is gone before it is heard", f"{JOB} started, but no job was expected"
            ),
            violated(
                "its process is there before it is heard",
                f"{JOB} started, but no job was expected",
                processes=[set(), {7}],
            ),
        ],
    ),
]
