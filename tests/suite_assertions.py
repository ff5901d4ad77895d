"""The assertions of a session and of the suite's own modules, each with scripts on which it must fail and on which
it must hold."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from callback_conformance.page import DidNotLoad, Page
from callback_conformance.processes import AppEnded
from callback_conformance.scenario import Scenario
from callback_conformance.session import invariants
from callback_conformance.session.open_page import OpenPage
from callback_conformance.session.session import AppSession
from conformance import any_value, cached, chained, outages, rejected
from conformance import ends as ends_of_runs
from tests.scripted_page import Assertion, Scene, ScriptedTab, Step, held, violated
from tests.scripted_steps import ends, fails, follows, heard, hears, reaches, shows, starts

JOB = "job-1 (job, process 7)"
NO_SCENARIO: Any = None


def declared(raised: Exception | None = None) -> Callable[[Scene], object]:
    """A program with a mistake is opened: that raises something, or the page is there."""

    def use(scene: Scene) -> str:
        def opened(scenario: Scenario) -> Page:
            if raised:
                raise raised
            return scene.page

        app = SimpleNamespace(last_error=lambda: "")
        session: Any = SimpleNamespace(open=opened, apps=[app])
        return AppSession.declaration_error(session, NO_SCENARIO)

    return use


def opens_tab(scene: Scene) -> object:
    """The page of an app is opened at which nobody listens, unless the script has it."""

    def refuse(*_: object) -> ScriptedTab:
        if scene.tab.values:
            return scene.tab
        raise ConnectionRefusedError("nobody listens")

    session: Any = SimpleNamespace(
        _open_tab=refuse, timeline=scene.timeline, controller=scene.controller, apps=[]
    )
    return AppSession.tab(session, "http://127.0.0.1:1", "page-1", None)


def of_two_users(use: Callable[[Any], object]) -> Callable[[Scene], object]:
    """A test with a second user is checked for what must hold in every test."""

    def use_open_page(scene: Scene) -> object:
        other = SimpleNamespace(name="page-2", user="page-2-user")
        session = SimpleNamespace(timeline=scene.timeline, pages=[scene.page, other])
        open_page: Any = SimpleNamespace(session=session, close=lambda: None)
        open_page.check_invariants = lambda: OpenPage.check_invariants(open_page)
        open_page.new_session = lambda: session
        return use(open_page)

    return use_open_page


OF_OTHERS = [
    violated(
        "a value of another user is shown",
        "an invariant of every test is broken: page-1 saw page-1     shows      "
        "prop='out.children', value='page-2-user', source='response', and 'page-2-user' "
        "belongs to another user",
        before=[shows("page-2-user")],
    ),
    held("each user's own is shown", before=[shows("page-1-user"), shows("page-2", page="page-2")]),
]

SESSION = [
    Assertion("OpenPage.check_invariants", of_two_users(OpenPage.check_invariants), OF_OTHERS),
    Assertion("OpenPage.begin_anew", of_two_users(OpenPage.begin_anew), OF_OTHERS),
    Assertion(
        "invariants.check", of_two_users(lambda page: invariants.check(page.session)), OF_OTHERS
    ),
    Assertion(
        "AppSession.declaration_error",
        declared(),
        [
            violated(
                "the page shows no error",
                "the program was accepted: it serves a page that shows no error",
            ),
            held("the page shows one", before=[fails(0, "no such id")]),
        ],
    ),
    Assertion(
        "AppSession.declaration_error", declared(AppEnded("it ended", "why")), [held("it ends")]
    ),
    Assertion(
        "AppSession.declaration_error", declared(DidNotLoad("an error")), [held("nothing loads")]
    ),
    Assertion(
        "AppSession.tab",
        opens_tab,
        [
            violated("it is refused", "the page of page-1 did not load: nobody listens"),
            held("it loads", before=[shows("before")]),
        ],
    ),
]


# The suite's own modules.


def keeps(prop: str) -> Step:
    """The result of the job is what was given to it."""
    return lambda scene: follows(shows(scene.tab.values["given.data"], prop))(scene)


def starts_with_what_was_given(scene: Scene) -> None:
    """A job whose arguments are the values of the page."""
    starts(given=scene.tab.values["given.data"])(scene)


def shows_what_is_stored_unless_the_job_is_done(scene: Scene) -> None:
    """The next poll of a page that is given a stored result although a job has started for it."""
    shows("kept" if scene.job.gate else "new")(scene)


def ticks(scene: Scene) -> None:
    """A timer's last tick is on its way with the result."""
    shows("new")(scene)
    scene.sent.append(shows(7, "timer.n_intervals"))


AT_GATE = [starts(), reaches("gate"), heard]
RETURNS = [starts(), reaches("gate"), ends(), heard]
SAW = shows("saw new", "seen.children")
CLICKED, CHOSEN = "run.n_clicks", "choice.value"
NO_JOB = "no job started within 0 s; expected a job, and out.children is "
RUNS_INSTEAD = (
    f"out.children is 'nothing' on page-1; expected the stored 'kept', and {JOB} runs instead"
)
RUN_TRIES = [
    violated("none starts", f"{NO_JOB}None on page-1"),
    violated(
        "none starts, since a stored result is used",
        f"{NO_JOB}'kept' on page-1\nthe last answer: page-1 hears status=200, body='kept'",
        before=[hears(200, "kept"), shows("kept")],
    ),
    violated(
        "it does not survive the next poll",
        "out.children is 'kept' on page-1; expected 'new'",
        answers={CHOSEN: AT_GATE},
        sent=[ends(), shows("kept")],
    ),
    violated(
        "the stored result is shown before the job has returned",
        "out.children is 'kept' on page-1; expected 'new'",
        answers={CHOSEN: AT_GATE},
        sent=[shows_what_is_stored_unless_the_job_is_done],
    ),
    held("it runs", answers={CHOSEN: AT_GATE}, later=[shows("new")]),
]
HIT_TRIES = [
    violated("nothing is shown", "out.children is 'nothing' on page-1; expected 'kept'"),
    violated(
        "a job runs instead",
        RUNS_INSTEAD,
        answers={CHOSEN: AT_GATE, CLICKED: AT_GATE},
    ),
    violated(
        "another result is shown",
        "out.children is 'new' on page-1; expected 'kept'",
        later=[shows("new")],
    ),
    held("it is shown late", later=[shows("other"), shows("kept")]),
]

SUITE = [
    Assertion("cached.run", lambda scene: cached.run(scene.page, 1, "new"), RUN_TRIES),
    Assertion("cached.hit", lambda scene: cached.hit(scene.page, 1, "kept"), HIT_TRIES),
    Assertion("cached.clicked", lambda scene: cached.clicked(scene.page, "kept"), HIT_TRIES),
    Assertion(
        "cached.runs",
        lambda scene: cached.runs(scene.page, "new", "note.children"),
        [
            violated(
                "another property shows the result",
                "note.children is None on page-1; expected 'new'",
                before=AT_GATE,
                later=[shows("new")],
            ),
            held("it runs", before=AT_GATE, later=[shows("new", "note.children")]),
        ],
    ),
    Assertion(
        "rejected.expect_named",
        lambda scene: rejected.expect_named("Cache-By takes functions", "a list"),
        [
            violated(
                "it names something else",
                "the error says 'Cache-By takes functions'; expected that it names 'a list'",
            )
        ],
    ),
    Assertion(
        "rejected.expect_named",
        lambda scene: rejected.expect_named("Cache-By takes functions", "cache_by"),
        [held("it names what is wrong")],
    ),
    Assertion(
        "outages.comes_to_an_end",
        lambda scene: outages.comes_to_an_end(scene.page, "done"),
        [
            violated("never", "page-1 still waited for an answer after 0 s", is_endless=True),
            violated(
                "with nothing shown",
                "out.children is 'before' on page-1; expected 'done'",
                before=[shows("before")],
            ),
            held("with a failure", later=[fails(500, "lost")]),
            held("with the result", later=[shows("other"), shows("done")]),
        ],
    ),
    Assertion(
        "any_value.job_of",
        lambda scene: any_value.job_of(scene.page),
        [
            violated("none starts", "no job started within 0 s"),
            violated(
                "its result is not shown",
                "out.children is 'before' on page-1; expected 'done'",
                answers={CLICKED: AT_GATE},
            ),
            held("it runs", answers={CLICKED: AT_GATE}, later=[shows("done")]),
        ],
    ),
    Assertion(
        "any_value.shows_any",
        lambda scene: any_value.shows_any(
            lambda *parts: scene.page, ["bar.value", "bar.max"], st.just(["1", "2"])
        ),
        [
            violated(
                "one of two is not shown",
                "bar.max is 'before' on page-1; expected '2'",
                answers={CLICKED: AT_GATE},
                later=[shows("1", "bar.value"), shows("done")],
            ),
            violated(
                "the result is not shown",
                "out.children is None on page-1; expected 'done'",
                answers={CLICKED: AT_GATE},
                later=[shows("1", "bar.value"), shows("2", "bar.max")],
            ),
            held(
                "both are shown",
                answers={CLICKED: AT_GATE},
                later=[shows("1", "bar.value"), shows("2", "bar.max"), shows("done")],
            ),
        ],
    ),
    Assertion(
        "any_value.shows_any_result",
        lambda scene: any_value.shows_any_result(scene.page),
        [
            violated(
                "it is always the same",
                "kept.data is 'always' on page-1; expected …",
                answers={CLICKED: [*AT_GATE, follows(shows("always", "kept.data"))]},
            ),
            held("it is what was given", answers={CLICKED: [*AT_GATE, keeps("kept.data")]}),
        ],
    ),
    Assertion(
        "any_value.receives_any",
        lambda scene: any_value.receives_any(scene.page, {"given": "given.data"}),
        [
            violated(
                "they are always the same",
                "the job's arguments are {'given': 'always'}; expected {'given': …",
                answers={
                    CLICKED: [
                        starts(given="always"),
                        reaches("gate"),
                        heard,
                        follows(shows("done")),
                    ]
                },
            ),
            held(
                "they are what was given",
                answers={
                    CLICKED: [
                        starts_with_what_was_given,
                        reaches("gate"),
                        heard,
                        follows(shows("done")),
                    ]
                },
            ),
        ],
    ),
    Assertion(
        "chained.expect_triggered",
        lambda scene: chained.expect_triggered(scene.page, "new"),
        [
            violated(
                "the ordinary callback saw another value",
                "seen.children is 'saw old' on page-1; expected 'saw new'",
                later=[shows("saw old", "seen.children")],
            ),
            violated(
                "no job was given it",
                "no job started within 0 s",
                before=[starts(used="old"), reaches("second")],
                later=[SAW],
            ),
            violated(
                "the job's result is not shown",
                "used.children is None on page-1; expected 'used new'",
                before=[starts(used="new"), reaches("second")],
                later=[SAW],
            ),
            held(
                "both were called with it after another",
                before=[starts(used="old"), ends(), starts(used="new"), reaches("second")],
                later=[SAW, shows("used new", "used.children")],
            ),
        ],
    ),
    Assertion(
        "ends.for_each_row",
        lambda scene: ends_of_runs.for_each_row(
            lambda *parts: scene.page,
            [ends_of_runs.Row("returns", 0), ends_of_runs.Row("returns", 1)],
            lambda page, row, place: page.expect_value(f"out{place}.children", "result"),
        ),
        [
            violated(
                "the second does not hold",
                "returns (1 outputs): out1.children is None on page-1; expected 'result'",
                answers={"run0.n_clicks": RETURNS, "run1.n_clicks": RETURNS},
                later=[shows("result", "out0.children")],
            ),
            held(
                "both hold",
                answers={"run0.n_clicks": RETURNS, "run1.n_clicks": RETURNS},
                later=[shows("result", "out0.children"), shows("result", "out1.children")],
            ),
        ],
    ),
]
