"""A mistake among the suite's options ends a run of pytest before any test, with a line that says what was expected."""

from __future__ import annotations

import pytest

from tests.tiny import Tiny, text

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--service=mysql"], "--worker and --service describe a third-party backend: name it by "),
        (
            ["--worker=rq worker"],
            "--worker and --service describe a third-party backend: name it by ",
        ),
        (
            ["--service=redis", "--backend=thread"],
            "--worker and --service describe a third-party backend: name it by ",
        ),
        (["--backend=my_package:"], "'my_package:' is not of the form package.module:factory"),
        (["--report="], "--report is empty; name a folder"),
        (["--report=a-file"], "--report=a-file: File exists; name a folder"),
        (["--report=a-file/below"], "--report=a-file/below: Not a directory; name a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_option_that_cannot_be_followed_ends_in_one_message(
    tiny: Tiny, options: list[str], message: str
) -> None:
    (tiny.folder / "a-file").touch()
    result = tiny.run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    [error] = [line for line in result.errlines if line.startswith("ERROR:")]
    assert message in error
    assert "Traceback" not in text(result)


@pytest.mark.parametrize("version", ["", "new", "1.0 beta 2 or so"])
def test_a_version_that_is_none_ends_in_one_message(tiny: Tiny, version: str) -> None:
    result = tiny.run(f"--impl=dash@{version}", impl="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"{version!r} is not a version; expected NAME@VERSION" in text(result)


@pytest.mark.parametrize("name", [":", "tests:", ":adapter"])
def test_an_adapter_that_has_no_place_ends_in_one_message(tiny: Tiny, name: str) -> None:
    result = tiny.run(f"--impl={name}", impl="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"{name!r} is not of the form package.module:attribute" in text(result)


def test_an_adapter_whose_module_fails_ends_in_one_message(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tiny.folder))
    (tiny.folder / "failing_adapter.py").write_text("1 / 0", encoding="utf-8")
    result = tiny.run("--impl=failing_adapter:adapter", impl="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "'failing_adapter:adapter' cannot be loaded: division by zero" in text(result)


def test_a_filter_that_matches_nothing_is_said(tiny: Tiny) -> None:
    result = tiny.run("-k", "nonsense")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "no test was selected: none on " in text(result)
    assert " matches -k 'nonsense'" in text(result)


def test_the_options_are_shown_without_an_implementation(tiny: Tiny) -> None:
    result = tiny.run("--help", impl="")
    assert result.ret == pytest.ExitCode.OK
    assert "--strict-should" in text(result)
