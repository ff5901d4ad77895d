"""Known failures: they are strict, for the versions, backends and tests that they name, and in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import ERROR, KNOWN, VIOLATED, Tiny, text, three, verdicts

pytest_plugins = ["pytester"]


def test_a_known_failure_is_a_violation_that_fails_no_run(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows(KNOWN)
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["1", "1", "1", "."]
    assert "  violated: ONE-1       scripted-is-wrong" in result.outlines
    assert "scripted-is-wrong: it does it wrong" in text(result)


def test_a_known_failure_that_passes_fails_the_run(tiny: Tiny) -> None:
    tiny.knows(KNOWN)
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["2", ".", "1", "."]
    assert "XPASS(strict)" in text(result)


def test_a_known_failure_that_ends_in_an_error_is_not_decided(tiny: Tiny) -> None:
    tiny.write(three(first=ERROR))
    tiny.knows(KNOWN)
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]


def test_a_new_failure_beside_a_known_one_is_new(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED) + f'\n@covers("ONE-1")\ndef test_more(open_page): {VIOLATED}')
    tiny.knows(KNOWN)
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "  violated: ONE-1       NEW" in result.outlines


def test_a_failure_of_another_kind_is_not_the_known_one(tiny: Tiny) -> None:
    message = "it does something else\\nthe last answer: it does not hold"
    tiny.write(three(first=f"raise AssertionError('{message}')"))
    tiny.knows(KNOWN)
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "  violated: ONE-1       NEW" in result.outlines
    assert "not the known failure scripted-is-wrong, which shows: it does not hold" in text(result)


def test_an_entry_that_no_test_shows_fails_the_run(tiny: Tiny) -> None:
    tiny.knows({**KNOWN, "tests": ["test_that_does_not_exist"]})
    result = tiny.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "expected/ that no test has shown" in text(result)


@pytest.mark.parametrize("what", [VIOLATED, "pass"])
def test_a_failure_that_comes_by_chance_is_the_same_verdict_each_time(
    tiny: Tiny, what: str
) -> None:
    tiny.write(three(first=what))
    tiny.knows({**KNOWN, "chance": True})
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    assert "  violated: ONE-1       scripted-is-wrong" in result.outlines


def test_an_entry_whose_test_covers_another_requirement_ends_in_one_message(tiny: Tiny) -> None:
    tiny.knows({**KNOWN, "tests": ["test_second"]})
    result = tiny.run()
    assert result.ret != pytest.ExitCode.OK
    assert "test_second does not cover ONE-1" in text(result)


@pytest.mark.parametrize(
    "change",
    [
        {"versions": "<0"},
        {"backends": ["other"]},
        {"dialects": ["labs"]},
        {"tests": ["test_other"]},
    ],
    ids=str,
)
def test_a_known_failure_is_known_for_its_versions_backends_and_tests_alone(
    tiny: Tiny, change: dict[str, object]
) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows({**KNOWN, **change})
    assert tiny.run().ret == pytest.ExitCode.TESTS_FAILED


def test_one_of_a_tests_parameters_may_be_known_to_fail(tiny: Tiny) -> None:
    body = "assert number == 1, 'not this one'"
    marked = three(first=body).replace("(open_page)", "(open_page, number)", 1)
    tiny.write("@pytest.mark.parametrize('number', [1, 2])\n" + marked)
    tiny.knows({**KNOWN, "tests": ["test_first[2]"], "seen": "not this one"})
    result = tiny.run()
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=3, xfailed=1)


# With a third-party backend.

OWN = "--backend=my_package:make_manager"


def test_a_known_failure_is_known_with_a_backend_of_ones_own_too(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows(KNOWN)
    result = tiny.run(OWN, impl="open_to_all")
    assert result.ret == pytest.ExitCode.OK
    assert "  violated: ONE-1       scripted-is-wrong" in result.outlines
    assert "  violations with a name occur in scripted with its own backends, too" in text(result)
    assert "better than" not in text(result)


@pytest.mark.parametrize(
    ("backend", "ends"),
    [((), pytest.ExitCode.OK), ((OWN,), pytest.ExitCode.TESTS_FAILED)],
    ids=["its own", "third-party"],
)
def test_a_failure_of_the_releases_managers_is_new_on_a_third_party_backend(
    tiny: Tiny, backend: tuple[str, ...], ends: pytest.ExitCode
) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows(KNOWN, cause="manager")
    result = tiny.run(*backend, impl="open_to_all")
    assert result.ret == ends
    why = "NEW" if backend else "scripted-is-wrong"
    assert f"  violated: ONE-1       {why}" in result.outlines


@pytest.mark.parametrize(
    ("backend", "why"), [((), "NEW"), ((OWN,), "scripted-is-wrong")], ids=["its own", "third-party"]
)
def test_a_failure_may_be_known_with_third_party_backends_alone(
    tiny: Tiny, backend: tuple[str, ...], why: str
) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows({**KNOWN, "backends": ["third-party"]})
    result = tiny.run(*backend, impl="open_to_all")
    assert f"  violated: ONE-1       {why}" in result.outlines


def test_what_wraps_a_release_has_its_known_failures_and_may_do_better(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows(KNOWN)
    tiny.knows({**KNOWN, "requirement": "TWO-1", "tests": ["test_fourth"]})
    tiny.knows({**KNOWN, "requirement": "ONE-2", "tests": ["test_second"], "versions": "<9"})
    (tiny.folder / "expected" / "scripted.toml").rename(tiny.folder / "expected" / "pytest.toml")
    result = tiny.run(impl="wrapper")
    assert result.ret == pytest.ExitCode.OK
    assert "  violated: ONE-1       scripted-is-wrong" in result.outlines
    assert "  better than pytest: TWO-1" in result.outlines


def test_a_backend_of_ones_own_may_do_better_than_the_releases(tiny: Tiny) -> None:
    tiny.knows(KNOWN)
    result = tiny.run(OWN, impl="open_to_all")
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["2", ".", "1", "."]
    assert "  better than scripted with its own backends: ONE-1" in result.outlines
    assert "violations with a name" not in text(result)


def test_a_failure_of_the_releases_own_backend_is_none_of_another(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED))
    tiny.knows({**KNOWN, "backends": ["thread"]})
    result = tiny.run(OWN, impl="open_to_all")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "  violated: ONE-1       NEW" in result.outlines


def test_an_entry_that_a_backend_of_ones_own_does_not_show_fails_no_run(tiny: Tiny) -> None:
    tiny.knows({**KNOWN, "tests": ["test_that_does_not_exist"]})
    assert tiny.run(OWN, impl="open_to_all").ret == pytest.ExitCode.OK


def test_a_failure_of_another_kind_is_that_of_the_backend(tiny: Tiny) -> None:
    tiny.write(three(first="assert False, 'it does something else'"))
    tiny.knows(KNOWN)
    result = tiny.run(OWN, impl="open_to_all")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "  violated: ONE-1       NEW" in result.outlines


# What is written wrongly.

ENTRY = "scripted/a-fault/scripted-is-wrong.md"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"requirement": "ONE-9"},
            "expected/scripted.toml names 'ONE-9', which SPEC.md does not have",
        ),
        (
            {"deviation": "other"},
            "expected/scripted.toml names 'other', which deviations/ does not",
        ),
        (
            {"more": 1},
            "expected/scripted.toml: a [[failure]] has ['deviation', 'more', 'requirement',",
        ),
    ],
    ids=["an unknown requirement", "an unknown deviation", "an unknown key"],
)
def test_a_wrong_entry_of_a_known_failure_ends_in_one_message(
    tiny: Tiny, change: dict[str, object], message: str
) -> None:
    tiny.knows({**KNOWN, **change})
    result = tiny.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in text(result)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("+++\nid", "id"), f"deviations/{ENTRY}: expected TOML between two lines `+++`"),
        (
            ('id = "scripted', 'id = "other'),
            "scripted-is-wrong.md: its id must be 'scripted-is-wrong'",
        ),
        (("versions", "version"), f"deviations/{ENTRY}: it has no 'versions'"),
        (
            ('impact = "lost"', 'impact = "loss"'),
            "impact must be leak, lost, stuck, wrong value, refused or cosmetic, not 'loss'",
        ),
        (
            ('cause = "framework"', 'cause = "backend"'),
            "cause must be front end, manager or framework, not 'backend'",
        ),
        (
            ("+++\nid", '+++\nupstream = ["plotly/dash"]\nid'),
            "upstream must be a list of threads such as 'plotly/dash#3119', not ['plotly/dash']",
        ),
    ],
    ids=["no head", "another id", "no versions", "impact", "cause", "upstream"],
)
def test_a_wrong_entry_of_the_ledger_ends_in_one_message(
    tiny: Tiny, change: tuple[str, str], message: str
) -> None:
    tiny.knows(KNOWN)
    entry: Path = tiny.folder / "deviations" / ENTRY
    entry.write_text(entry.read_text().replace(*change))
    result = tiny.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in text(result)


def test_a_deviation_without_a_reproducer_is_none(tiny: Tiny) -> None:
    tiny.knows(KNOWN)
    (tiny.folder / "deviations" / ENTRY).with_suffix(".py").unlink()
    result = tiny.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "with a reproducer scripted-is-wrong.py" in text(result)
