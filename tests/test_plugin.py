"""The pytest plugin: what can be asked for, and which verdict follows from what happened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callback_conformance.plugin.settings import read_settings
from callback_conformance.session.cell import BadSelection
from tests.tiny import ERROR, HOLDS, SKIPPED, VIOLATED, Tiny, text, three, verdicts

pytest_plugins = ["pytester"]

# Options.


@pytest.mark.parametrize(
    ("impl", "options", "message"),
    [
        ("", ["--impl=nobody"], "--impl=nobody: There is no implementation 'nobody'. Choose from "),
        (
            "",
            ["--impl=no.module:one"],
            "The implementation 'no.module:one' cannot be loaded: No mod",
        ),
        (
            "no_such",
            [],
            "'tests.scripted:no_such' cannot be loaded: module 'tests.scripted' has no attr",
        ),
        (
            "not_an_adapter",
            [],
            "is a str; expected callback_conformance.adapters.Adapter",
        ),
        ("adapter@1.0", [], "tests.scripted:adapter has no versions to choose from"),
        ("not_installed", [], "no-such-distribution is not installed beside the suite"),
        (
            "adapter",
            ["--dialect=esperanto"],
            "unknown --dialect 'esperanto'; choose from b",
        ),
        (
            "bound_by_nothing",
            [],
            "SPEC.md has no dialect 'esperanto'; the adapter's bound_as must give 'esperanto' one of",
        ),
        ("adapter", ["--worker=work"], "--worker and --service describe a third-party backend"),
        ("adapter", ["--driver=car"], "unknown --driver 'car'; choose from wire, browser"),
        (
            "adapter",
            ["--dialect=taipy"],
            "--impl=tests.scripted:adapter has no dialect 'taipy'; choose from background, labs",
        ),
        (
            "adapter",
            ["--backend=celery"],
            "--impl=tests.scripted:adapter has no backend 'celery'; choose from thread, other",
        ),
        (
            "adapter",
            ["--driver=browser"],
            "--impl=tests.scripted:adapter has no driver 'browser'; choose from wire",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_cannot_be_asked_for_ends_in_one_message(
    tiny: Tiny, impl: str, options: list[str], message: str
) -> None:
    result = tiny.run(*options, impl=impl)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    [error] = [line for line in result.errlines if line.startswith("ERROR:")]
    assert message in error
    assert "Traceback" not in text(result)


def test_a_version_that_cannot_be_had_ends_in_one_message(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tiny.folder / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    result = tiny.run(impl="versioned@0.0.7")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--impl=tests.scripted:versioned@0.0.7: `uv pip install --python" in text(result)
    assert "no-such-distribution==0.0.7" in text(result)
    assert "Traceback" not in text(result)


def test_without_an_implementation_the_suite_says_what_to_name(tiny: Tiny) -> None:
    result = tiny.run(impl="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        "ERROR: no implementation is named; choose what to test, for example --impl=dash_style, or in pyproject.toml: "
        '[tool.callback-conformance] with impl = "dash_style"'
    ]


SETTINGS = """\
[tool.callback-conformance]
impl = "tests.scripted:adapter"
backend = ["thread", "other"]
[tool.callback-conformance.backends."a:b"]
"""


def cells_of(result: pytest.RunResult) -> list[str]:
    """The cells that a run names."""
    cells = [line.split()[1] for line in result.outlines if line.startswith("cell: ")]
    return [name.partition("adapter-")[2] for name in cells]


def test_pyproject_toml_may_say_what_is_tested(tiny: Tiny) -> None:
    (tiny.folder / "pyproject.toml").write_text(SETTINGS)
    cells = cells_of(tiny.run(impl=""))
    assert cells == ["background-thread-wire", "background-other-wire"]
    assert cells_of(tiny.run("--backend=other", impl="")) == ["background-other-wire"]


def test_pyproject_toml_says_nothing_to_who_names_an_implementation(tiny: Tiny) -> None:
    (tiny.folder / "pyproject.toml").write_text(SETTINGS)
    assert cells_of(tiny.run()) == ["background-thread-wire"]


def test_a_pyproject_toml_that_is_none_raises(
    tmp_path: Path,
) -> None:  # pytest reads it first, unless told otherwise
    (tmp_path / "pyproject.toml").write_text("[tool.callback-conformance\n")
    with pytest.raises(BadSelection, match="is not valid TOML"):
        read_settings(tmp_path / "pyproject.toml")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'implementation = "dash"',
            "implementation = 'dash'; expected impl, backend, dialect, driver",
        ),
        ("impl = 3", "[tool.callback-conformance] has impl = 3; expected impl,"),
        ("impl = []", "[tool.callback-conformance] has impl = []; expected impl,"),
    ],
)
def test_a_mistake_in_pyproject_toml_ends_in_one_message(
    tiny: Tiny, line: str, message: str
) -> None:
    (tiny.folder / "pyproject.toml").write_text(f"[tool.callback-conformance]\n{line}\n")
    result = tiny.run(impl="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in text(result)
    assert "Traceback" not in text(result)


def test_each_axis_may_be_named_several_times(tiny: Tiny) -> None:
    result = tiny.run(
        "--backend=thread", "--backend=other", "--dialect=labs", "--dialect=background"
    )
    cells = [line.split()[1] for line in result.outlines if line.startswith("cell: ")]
    named = "tests.scripted:adapter"
    assert cells == [
        f"{named}-labs-thread-wire",
        f"{named}-labs-other-wire",
        f"{named}-background-thread-wire",
        f"{named}-background-other-wire",
    ]
    assert result.ret == 0
    result.assert_outcomes(passed=2 + 6)


def test_all_dialects_are_those_that_the_implementation_has(tiny: Tiny) -> None:
    result = tiny.run("--dialect=all", "--backend=all", "--driver=wire")
    cells = [line.split()[1] for line in result.outlines if line.startswith("cell: ")]
    named = "tests.scripted:adapter"
    assert cells == [
        f"{named}-{dialect}-{backend}-wire"
        for dialect in ("background", "labs")
        for backend in ("thread", "other")
    ]


def test_an_axis_that_is_not_named_is_the_implementations_own(tiny: Tiny) -> None:
    result = tiny.run()
    [cell] = [line for line in result.outlines if line.startswith("cell: ")]
    assert cell.startswith(
        "cell: tests.scripted:adapter-background-thread-wire (callback-conformance "
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('@covers("ONE-9")\ndef test_it(open_page): pass', "names 'ONE-9', which SPEC.md does not"),
        ("def test_it(open_page): pass", "names no requirement: mark it with @covers(...)"),
        ("@covers()\ndef test_it(open_page): pass", "names no requirement: mark it with @covers"),
    ],
    ids=["an unknown one", "none", "none in brackets"],
)
def test_a_test_names_known_requirements(tiny: Tiny, source: str, message: str) -> None:
    tiny.write(source)
    result = tiny.run()
    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.INTERNAL_ERROR)
    assert f"test_tiny.py::test_it {message}" in text(result)


# Verdicts. The columns: verified, violated, not applicable, not decided.


def test_what_held_is_verified_and_another_dialects_is_not_applicable(tiny: Tiny) -> None:
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result) == {
        "1": ["2", ".", "1", "."],
        "2": ["1", ".", ".", "."],
        "all": ["3", ".", "1", "."],
    }


@pytest.mark.parametrize("spread", [(), ("-n", "2")], ids=["in one process", "in several"])
def test_a_test_that_does_not_apply_to_the_backend_says_nothing_of_one_that_does_and_was_not_run(
    tiny: Tiny, spread: tuple[str, ...]
) -> None:
    excluded = '@needs(Capability.WORKERS)\n@covers("{}")\ndef test_{}(open_page): pass\n'
    both = excluded.format("ONE-1", "away") + excluded.format("ONE-2", "away_too")
    tiny.write(
        f'from callback_conformance.plugin import Capability, needs\n{both}@covers("ONE-1")\ndef test_there(open_page): pass\n@covers("TWO-1")\ndef test_second(open_page): pass'
    )
    result = tiny.apart("--verdicts", "-k", "away or second", *spread)
    assert re.search("not selected +ONE-1", text(result))
    assert "not applicable: ONE-2 (thread lacks workers that take jobs from a queue)" in text(
        result
    )


def test_a_violated_must_fails_the_run(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", "1", "1", "."]
    assert "  violated: ONE-1       NEW" in result.outlines


def test_one_violation_outweighs_what_held(tiny: Tiny) -> None:
    tiny.write(f'{HOLDS}\n@covers("TWO-1", "ONE-1")\ndef test_more(open_page): {VIOLATED}')
    result = tiny.run()
    assert verdicts(result)["all"] == ["1", "2", "1", "."]
    assert "SHOULD" not in result.outlines[-1]


def test_a_violated_should_is_told_and_fails_no_run(tiny: Tiny) -> None:
    tiny.write(three(second=VIOLATED))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["1", "1", "1", "."]
    assert "  violated: ONE-2       NEW" in result.outlines
    assert (
        result.outlines[-1] == "1 SHOULD is violated, which fails a run only with --strict-should"
    )


def test_a_violated_should_fails_a_strict_run(tiny: Tiny) -> None:
    tiny.write(three(second=VIOLATED))
    result = tiny.run("--strict-should")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines[-1] == "1 SHOULD is violated"


@pytest.mark.parametrize("body", [ERROR, SKIPPED], ids=["an error", "a skip"])
def test_what_did_not_run_to_an_end_is_not_decided_and_a_must_fails_the_run(
    tiny: Tiny, body: str
) -> None:
    tiny.write(three(first=body))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]
    assert "  not decided, so the run fails: ONE-1" in result.outlines


def test_a_should_that_is_not_decided_fails_no_run(tiny: Tiny) -> None:
    tiny.write(three(second=SKIPPED))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]


def test_a_must_without_a_test_is_not_decided_and_fails_the_run(tiny: Tiny) -> None:
    tiny.write('@covers("ONE-1", "ONE-2")\ndef test_first(open_page): pass')
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["2"] == [".", ".", ".", "1"]
    assert "  not decided, so the run fails: TWO-1" in result.outlines


def test_an_error_of_the_harness_decides_nothing(tiny: Tiny) -> None:
    tiny.write("@pytest.fixture\ndef broken(): raise RuntimeError('no')\n" + three().replace(
        "def test_first(open_page)", "def test_first(broken, open_page)"
    ))  # fmt: skip
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]


def test_a_test_that_fails_in_its_teardown_decides_nothing(tiny: Tiny) -> None:
    tiny.write("@pytest.fixture\ndef broken():\n    yield\n    raise RuntimeError('no')\n" + three().replace(
        "def test_first(open_page)", "def test_first(broken, open_page)"
    ))  # fmt: skip
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]


@pytest.mark.parametrize(
    "options",
    [
        ["-k", "first"],
        ["test_tiny.py::test_first"],
        ["--deselect", "test_tiny.py::test_second", "--deselect", "test_tiny.py::test_fourth"],
    ],
    ids=["-k", "one test", "--deselect"],
)
def test_a_narrowed_run_judges_what_was_selected_and_says_what_was_not(
    tiny: Tiny, options: list[str]
) -> None:
    result = tiny.run(*options)
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["all"] == ["1", ".", "2", "."]  # the third are those not selected
    assert "1 selected requirement verified, none violated." in " ".join(text(result).split())


def test_a_run_that_selects_nothing_fails(tiny: Tiny) -> None:
    assert tiny.run("-k", "nothing").ret == pytest.ExitCode.TESTS_FAILED


def test_a_narrowed_run_fails_by_what_was_selected(tiny: Tiny) -> None:
    tiny.write(three(first=SKIPPED))
    assert tiny.run("-k", "first").ret == pytest.ExitCode.TESTS_FAILED


def test_what_only_the_wire_can_decide_does_not_apply_in_a_browser(
    tiny: Tiny,
) -> None:
    tiny.write("@wire_only\n" + HOLDS)
    result = tiny.run("--driver=browser", impl="with_a_browser")
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["1", ".", "2", "."]


def test_what_a_browser_decides_only_in_part_it_does_not_verify(tiny: Tiny) -> None:
    tiny.write(HOLDS + '\n@wire_only\n@covers("ONE-1")\ndef test_more(open_page): pass')
    result = tiny.run("--driver=browser", impl="with_a_browser")
    assert verdicts(result)["1"] == ["1", ".", "2", "."]


def test_a_test_may_be_for_some_dialects_alone(tiny: Tiny) -> None:
    tiny.write(HOLDS.replace('@covers("TWO-1")', '@only("labs")\n@covers("TWO-1")'))
    assert verdicts(tiny.run())["2"] == [".", ".", ".", "1"]
    assert verdicts(tiny.run("--dialect=labs"))["2"] == ["1", ".", ".", "."]


def test_each_requirement_is_listed_when_asked_for(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED, second=SKIPPED))
    listed = [line.strip() for line in tiny.run("--verdicts").outlines]
    assert "violated     ONE-1       The first MUST hold." in listed
    assert "not decided  ONE-2       The second SHOULD hold." in listed
    assert "verified     TWO-1       The fourth MUST NOT happen." in listed


# Observations.

OBSERVES = """
@observes("what it does", "background")
def test_observes(open_page, observe):
    {body}
"""


def test_an_observation_is_told_and_decides_nothing(tiny: Tiny) -> None:
    tiny.write(HOLDS + OBSERVES.format(body="observe('this and that')"))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert "    what it does: this and that" in result.outlines
    assert verdicts(result)["all"] == ["3", ".", "1", "."]


def test_an_observation_that_cannot_be_made_fails_nothing(tiny: Tiny) -> None:
    tiny.write(HOLDS + OBSERVES.format(body="assert False"))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert "    what it does: could not be observed" in result.outlines


def test_an_observation_is_made_in_its_dialects_alone(tiny: Tiny) -> None:
    tiny.write(HOLDS + OBSERVES.format(body="observe('this')"))
    assert "what it does" not in text(tiny.run("--dialect=labs"))
