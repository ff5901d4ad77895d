"""What a reader is told: of a failure, of a run under workers, of a report; and of what is broken."""

from __future__ import annotations

import re
import shlex
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from callback_conformance.results.report_file import RunReport, read_run_report
from callback_conformance.spec.specification import load
from tests.tiny import HOLDS, KNOWN, VIOLATED, Tiny, text, three, verdicts

pytest_plugins = ["pytester"]

FAILS = """\
@covers("ONE-1", "TWO-1")
@pytest.mark.parametrize("word", ["other", "a word; with 'quotes'"])
def test_first(open_page, word):
    page = opened(open_page)
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done" if word == "other" else word)

@covers("ONE-2")
def test_second(open_page): pass
"""


# One failure.


def test_a_new_failure_prints_the_known_failure_that_would_record_it(tiny: Tiny) -> None:
    tiny.write(FAILS)
    printed = text(tiny.run())
    entry = re.search(r"^\[\[failure\]\]\n.+?\ndeviation = .+?$", printed, re.MULTILINE | re.DOTALL)
    assert entry, printed
    [failure] = tomllib.loads(entry[0])["failure"]
    tiny.knows({**failure, "deviation": "scripted-is-wrong"})
    result = tiny.run()
    result.assert_outcomes(passed=2, xfailed=1)
    assert "what to do:" not in text(result)


def test_a_new_failure_names_the_requirement_and_where_to_report_a_mistake(failure: str) -> None:
    [requirement, _] = re.findall(r"^the requirement: (https://\S+)$", failure, re.MULTILINE)
    assert requirement.endswith("/SPEC.md#one-1")
    assert re.search(
        r"^if the requirement or the test is wrong: https://\S+/issues$", failure, re.MULTILINE
    )


@pytest.fixture
def failure(tiny: Tiny) -> str:
    """What a failing test says."""
    tiny.write(FAILS)
    result = tiny.run()
    result.assert_outcomes(passed=2, failed=1)
    return text(result)


@pytest.mark.parametrize(
    "line",
    [
        "ONE-1 (MUST): The first MUST hold.",
        '  source: dash-long-callbacks "A heading"',
        "TWO-1 (MUST NOT): The fourth MUST NOT happen.",
        "  source: derived: it would lose something",
        "out.children is 'done' on page-1; expected \"a word; with 'quotes'\"",
        "last events:",
    ],
)
def test_a_failure_says(failure: str, line: str) -> None:
    assert line in failure.splitlines()


def test_a_failure_shows_the_last_events_in_their_order(failure: str) -> None:
    events = re.findall(r"^ +[\d.]+ ms  (\S+) +(\S+)", failure, re.MULTILINE)
    assert events == [
        ("page-1", "opens"),
        ("page-1", "acts"),
        ("job-1", "starts"),
        ("job-1", "reaches"),
        ("page-1", "shows"),
        ("job-1", "ends"),
    ] or events[-1] == ("page-1", "shows")


def test_a_failure_names_its_program_which_is_kept(failure: str) -> None:
    [path] = re.findall(r"native app \(run it with the implementation's python\): (.+)", failure)
    program = Path(path)
    assert "probe.gate(" in program.read_text()
    assert program.with_name("probe.py").exists()


def test_two_failures_keep_their_programs_apart(tiny: Tiny) -> None:
    alike = """["one two", "one-two"]"""
    tiny.write(FAILS.replace("""["other", "a word; with 'quotes'"]""", alike))
    programs = re.findall(r"implementation's python\): (.+)", text(tiny.run()))
    assert len(set(programs)) == 2


def test_a_failures_command_runs_that_test_again_and_no_other(tiny: Tiny, failure: str) -> None:
    [command] = re.findall(r"^run this test again: (.+)$", failure, re.MULTILINE)
    again = tiny.again(command)
    again.assert_outcomes(failed=1)
    assert "a word; with 'quotes'" in text(again)


def test_a_failure_at_full_load_is_run_again_at_full_load(tiny: Tiny) -> None:
    tiny.write('@covers("ONE-1")\ndef test_first(open_page, full_load):\n    assert not full_load')
    result = tiny.run("--full-load")
    result.assert_outcomes(failed=1)
    assert re.search("^run this test again: pytest .* --full-load$", text(result), re.MULTILINE)
    tiny.run().assert_outcomes(passed=1)


def test_a_failure_shows_what_the_app_printed_last(tiny: Tiny) -> None:
    tiny.write(FAILS)
    result = tiny.run(impl="noisy")
    lines = text(result).splitlines()
    assert lines[lines.index("the app printed last:") + 1] == "here I am"


def test_a_failure_without_a_page_says_no_less(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    printed = text(tiny.run())
    assert "ONE-1 (MUST): The first MUST hold." in printed
    assert "run this test again: pytest " in printed


def test_without_pytests_cache_a_failure_is_told_all_the_same(tiny: Tiny) -> None:
    tiny.write(FAILS)
    result = tiny.run("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=1)
    assert "run this test again" in text(result)
    assert "native app" not in text(result)


def test_a_broken_invariant_fails_a_test_that_held(tiny: Tiny) -> None:
    body = "page = opened(open_page); page._controller.timeline.add('page-1', 'shows', value='page-2-user'); "
    tiny.write(three(first=body + "page.another_user()"))
    result = tiny.run()
    result.assert_outcomes(passed=2, failed=1)
    assert "an invariant of every test is broken: page-1 saw" in text(result)


def test_a_known_failure_is_no_failure_to_read_of(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows(KNOWN)
    assert "run this test again" not in text(tiny.run())


# Workers.


def test_workers_give_the_same_verdicts_and_the_same_summary(tiny: Tiny) -> None:
    observes = (
        '@observes("what it does", "background")\ndef test_seen(open_page, observe): observe("x")'
    )
    tiny.write(three(first=VIOLATED, second="1 / 0", fourth="opened(open_page)") + observes)
    alone, together = tiny.apart(), tiny.apart("-n", "2")
    assert alone.ret == together.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(alone) == verdicts(together)

    def summary(result: pytest.RunResult) -> list[str]:
        start = next(n for n, line in enumerate(result.outlines) if line.startswith("  chapter"))
        rows = result.outlines[start - 1 :]
        return [row for row in rows if row.startswith(" ") and " s in tests" not in row]

    assert summary(alone) == summary(together)
    assert "    what it does: x" in summary(together)


def test_workers_know_known_failures(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows(KNOWN)
    result = tiny.apart("-n", "1")
    assert result.ret == pytest.ExitCode.OK
    assert "  violated: ONE-1       scripted-is-wrong" in result.outlines


def test_workers_know_what_only_the_wire_can_decide(tiny: Tiny) -> None:
    tiny.write("@wire_only\n" + HOLDS)
    result = tiny.apart("-n", "1", "--driver=browser", impl="with_a_browser")
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["1", ".", "2", "."]


# The report.


@pytest.fixture
def report(tiny: Tiny) -> RunReport:
    """The report of a run with a violation, an error and a known failure."""
    tiny.write(three(first="assert False, 'no'", second="1 / 0", fourth=VIOLATED))
    tiny.knows({**KNOWN, "requirement": "TWO-1", "tests": ["test_fourth"]})
    tiny.run("--report", "out/report")
    return read_run_report(tiny.folder / "out" / "report" / "report.json")


def test_a_report_says_what_was_run_and_where(report: RunReport) -> None:
    assert report.specification == load().hash
    assert not report.narrowed
    assert report.environment.command[0] == "pytest"
    assert "--report" in report.environment.command
    [cell] = report.cells
    assert cell.implementation == "scripted"
    assert cell.cell.options == (
        "--impl=tests.scripted:adapter",
        "--backend=thread",
        "--dialect=background",
        "--driver=wire",
    )
    assert set(cell.versions) == {"callback-conformance"}


def test_a_report_holds_each_requirements_verdict_and_tests(report: RunReport) -> None:
    [cell] = report.cells
    assert {id: (each.level, each.verdict) for id, each in cell.requirements.items()} == {
        "ONE-1": ("MUST", "violated"),
        "ONE-2": ("SHOULD", "not decided"),
        "ONE-3": ("MUST", "not applicable"),
        "TWO-1": ("MUST NOT", "violated"),
    }
    [first] = cell.requirements["ONE-1"].tests
    assert (first.name, first.outcome, first.deviation) == ("test_first", "violated", None)
    assert first.message.startswith("no")
    [fourth] = cell.requirements["TWO-1"].tests
    assert fourth.deviation == "scripted-is-wrong"


def test_a_report_has_the_seed_of_a_random_order(tiny: Tiny) -> None:
    tiny.apart("-p", "random_order", "--random-order-seed=7", "--report", "out")
    assert read_run_report(tiny.folder / "out" / "report.json").seed == "7"


@pytest.mark.usefixtures("report")
def test_a_report_names_the_requirements_of_each_test_in_junits_form(tiny: Tiny) -> None:
    cases = ElementTree.parse(tiny.folder / "out/report/junit.xml").getroot().iter("testcase")
    named = {
        case.attrib["name"].partition("[")[0]: [
            each.attrib["value"]
            for each in case.iter("property")
            if each.attrib["name"] == "requirement"
        ]
        for case in cases
    }
    assert named == {"test_first": ["ONE-1"], "test_second": ["ONE-2"], "test_fourth": ["TWO-1"]}


def test_a_narrowed_run_says_so_in_its_report(tiny: Tiny) -> None:
    tiny.run("-k", "first", "--report", "out")
    report = read_run_report(tiny.folder / "out" / "report.json")
    [cell] = report.cells
    assert report.narrowed
    assert cell.verdicts["TWO-1"] == "not selected"


# What is broken.


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("impl", "reason"),
    [
        ("cannot_render", "RuntimeError: the adapter cannot render"),
        ("cannot_open", "RuntimeError: the adapter cannot open"),
        ("cannot_start", "ValueError: no such setting"),
        ("runs_no_job", "no job started within 0 s"),
    ],
)
def test_an_implementation_that_fails_its_warm_up_ends_the_run_with_one_message(
    tiny: Tiny, impl: str, reason: str, disk: Path
) -> None:
    result = tiny.run(impl=impl)
    printed = text(result)
    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.INTERNAL_ERROR)
    assert printed.count(f"{reason}\n") == 1
    assert "scripted cannot be tested: its simplest app does not run a job." in printed
    result.assert_outcomes(errors=1)
    assert list(disk.iterdir()) == []


def test_an_app_that_does_not_start_in_a_test_violates_its_requirement(tiny: Tiny) -> None:
    tiny.write(HOLDS)
    result = tiny.run(impl="refuses_titles")
    result.assert_outcomes(passed=3)
    titled = three(first="open_page(Button('run'), Text('out', title='t'), "
                   "background(output='out.children', inputs='run.n_clicks', job=give(1)))")  # fmt: skip
    tiny.write(titled)
    result = tiny.run(impl="refuses_titles")
    assert verdicts(result)["1"] == ["1", "1", "1", "."]
    assert "ended before it listened on its port" in text(result)
    assert "ValueError: no titles" in text(result)


def test_the_command_of_a_failure_is_one_that_a_shell_understands(failure: str) -> None:
    [command] = re.findall(r"^run this test again: (.+)$", failure, re.MULTILINE)
    words = shlex.split(command)
    assert words[0] == "pytest"
    assert words[2:] == [
        "--impl=tests.scripted:adapter",
        "--backend=thread",
        "--dialect=background",
        "--driver=wire",
    ]
