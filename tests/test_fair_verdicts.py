"""A release is held to nothing that its framework never promised, and to nothing that it does not offer at all."""

from __future__ import annotations

import pytest

from callback_conformance.adapters import Feature, find
from callback_conformance.scenario import Background, Ordinary, Scenario, leaves
from callback_conformance.spec.specification import as_json, parse
from tests.suite import adapters, named_scenarios
from tests.tiny import SPEC, VIOLATED, Tiny, text, three, verdicts

pytest_plugins = ["pytester"]

#: ONE-1 is stated by a third party's document alone, and ONE-2 presumes it.
UNPROMISED = SPEC.replace(
    'dash-long-callbacks "A heading"', 'dash-background-callbacks-api "A heading"'
)
UNPROMISED = UNPROMISED.replace(
    'dash-long-callbacks "Another heading"', "derived from ONE-1: it would lose something"
)

#: ONE-1 and a part of ONE-2 need a feature.
NEEDS = """\
from callback_conformance.adapters import Feature
from callback_conformance.plugin import needs, probes_absence
from callback_conformance.session.absence import check_absent

@covers("ONE-1")
@needs(Feature.SET_PROPS)
def test_first(open_page): assert False, "it runs"

@covers("ONE-2")
@needs(Feature.SET_PROPS)
def test_second(open_page): assert False, "it runs"

@covers("ONE-2")
def test_another_second(open_page): pass

@covers("TWO-1")
def test_fourth(open_page): pass

@probes_absence
def test_absent(cell, feature): check_absent(cell, feature)
"""


@pytest.fixture
def unpromised(tiny: Tiny) -> Tiny:
    """The suite with what a third party's document alone states."""
    (tiny.folder / "spec.json").write_text(as_json(parse(UNPROMISED)), encoding="utf-8")
    return tiny


@pytest.mark.parametrize("spread", [(), ("-n", "2")], ids=["in one process", "in several"])
def test_what_a_third_partys_document_alone_states_does_not_apply_to_a_release(
    unpromised: Tiny, spread: tuple[str, ...]
) -> None:
    unpromised.write(three(first=VIOLATED, second=VIOLATED))
    result = unpromised.apart(*spread)
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == [".", ".", "3", "."]
    assert (
        "  not applicable: ONE-1, ONE-2 (stated by a third party's document alone)"
        in result.outlines
    )


def test_what_a_third_partys_document_alone_states_binds_who_is_no_release(
    unpromised: Tiny,
) -> None:
    unpromised.write(three(first=VIOLATED))
    result = unpromised.run(impl="of_a_third_party")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "  violated: ONE-1       NEW" in result.outlines
    counted = "  violated, by what they rest on: 0 document, 1 third-party document, 0 derived"
    assert counted in result.outlines


def test_a_test_decides_what_a_release_promised_even_beside_what_it_did_not(
    unpromised: Tiny,
) -> None:
    unpromised.write('@covers("ONE-1", "TWO-1")\ndef test_it(open_page): ' + VIOLATED)
    result = unpromised.run()
    assert "  violated: TWO-1       NEW" in result.outlines
    assert "violated: ONE-1" not in text(result)


def test_violated_requirements_are_counted_by_what_they_rest_on(tiny: Tiny) -> None:
    tiny.write(three(first=VIOLATED, fourth=VIOLATED))
    counted = "  violated, by what they rest on: 1 document, 0 third-party document, 1 derived"
    assert counted in tiny.run().outlines


@pytest.mark.parametrize("spread", [(), ("-n", "2")], ids=["in one process", "in several"])
def test_what_needs_a_feature_does_not_apply_to_a_release_that_lacks_it(
    tiny: Tiny, spread: tuple[str, ...]
) -> None:
    tiny.write(NEEDS)
    result = tiny.apart(*spread, impl="without_set_props")
    assert result.ret == pytest.ExitCode.OK
    assert verdicts(result)["1"] == ["1", ".", "2", "."]
    assert "not applicable: ONE-1 (scripted" in text(result)
    assert "does not offer `set_props`)" in text(result)


def test_it_applies_to_a_release_that_has_it(tiny: Tiny) -> None:
    tiny.write(NEEDS)
    assert verdicts(tiny.run())["1"] == [".", "2", "1", "."]


@pytest.mark.parametrize(
    ("impl", "seen"),
    [("with_set_props", "its probe found: it is there"), ("broken_probe", "NameError")],
)
def test_it_is_not_decided_if_the_probe_does_not_find_the_feature_absent(
    tiny: Tiny, impl: str, seen: str
) -> None:
    tiny.write(NEEDS)
    result = tiny.run(impl=impl)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]
    assert "  not decided, so the run fails: ONE-1" in result.outlines
    assert "is declared not to offer `set_props`, but its probe" in text(result)
    assert seen in text(result)


def test_a_feature_that_no_test_needs_is_not_probed(tiny: Tiny) -> None:
    tiny.write(three() + "\nfrom callback_conformance.plugin import probes_absence\n"
               "@probes_absence\ndef test_absent(cell, feature): assert False\n")  # fmt: skip
    assert tiny.run(impl="without_set_props").ret == pytest.ExitCode.OK


# The suite of this repository.

LATER = {Feature.CACHE_IGNORE_TRIGGERED, Feature.PATCH_BESIDE_OUTPUTS, Feature.REQUEST_DATA}


@pytest.mark.parametrize(
    ("release", "absent"),
    [
        ("dash@2.9.3", {Feature.SET_PROPS, Feature.NO_OUTPUT, Feature.ON_ERROR, *LATER}),
        ("dash@2.17.1", {Feature.ON_ERROR, *LATER}),
        ("dash@2.18.0", LATER - {Feature.REQUEST_DATA}),
        ("dash@4.4.1", set()),
        ("dash_labs@0.3.0", set()),
        ("dash_labs@0.4.0", {Feature.TWO_COUNTS}),
    ],
)
def test_each_release_lacks_what_came_later(release: str, absent: set[Feature]) -> None:
    name, _, version = release.partition("@")
    assert set(find(name).absent(version)) == absent


def test_our_implementations_lack_nothing() -> None:
    for ours in adapters():
        assert ours.released or not ours.absent("0.1.0"), ours.name


def uses(scenario: Scenario, dialect: str) -> set[Feature]:
    """The features that a scenario's program uses in a dialect."""
    release = find("dash_labs" if dialect == "labs" else "dash")
    program = release.render(scenario, dialect, release.backends[0])
    callbacks = [c for c in scenario.callbacks if isinstance(c, (Background, Ordinary))]
    used = {
        Feature.SET_PROPS: "set_props(" in program,
        Feature.ON_ERROR: "on_error=" in program,
        Feature.NO_OUTPUT: any(not any(leaves(callback.output)) for callback in callbacks),
        Feature.TWO_COUNTS: dialect == "labs" and "set_progress(" in program,
    }
    return {feature for feature, is_used in used.items() if is_used}


@pytest.mark.parametrize("dialect", ["background", "labs"])
def test_each_test_says_which_features_its_program_needs(dialect: str) -> None:
    unsaid = {
        f"{test} needs {feature.description}"
        for test, scenario in named_scenarios(dialect)
        if not test.observes
        for feature in uses(scenario, dialect)
        if feature not in test.needs
    }
    assert unsaid == set()


# In a dialect of an implementation's own.

#: ONE-1 needs a field, and so does one of two tests of TWO-1.
TYPING = """\
from callback_conformance.scenario import Field

@covers("ONE-1")
def test_first(open_page):
    open_page(Field("name"), Text("out"), background(output="out.children", inputs="name.value", job=give("done")))

@covers("ONE-2")
def test_second(open_page):
    opened(open_page)

@covers("TWO-1")
@pytest.mark.parametrize("more", [(), (Field("name"),)], ids=["plain", "typing"])
def test_fourth(open_page, more):
    job = background(output="out.children", inputs="run.n_clicks", job=give("done"))
    open_page(Button("run"), Text("out"), *more, job)
"""


def test_what_a_dialect_of_ones_own_has_no_form_for_does_not_apply(tiny: Tiny) -> None:
    tiny.write(TYPING)
    result = tiny.run("--dialect=esperanto", impl="of_its_own")
    assert result.ret == pytest.ExitCode.OK, text(result)
    assert verdicts(result)["1"] == ["1", ".", "2", "."]
    assert verdicts(result)["2"] == ["1", ".", ".", "."]
    reason = "not applicable: ONE-1 (esperanto has no form for it: nobody can type)"
    assert f"  {reason}" in result.outlines


def test_what_a_dialect_of_spec_md_has_no_form_for_is_not_decided(tiny: Tiny) -> None:
    tiny.write(TYPING)
    result = tiny.run(impl="cannot_type")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(result)["1"] == ["1", ".", "1", "1"]
