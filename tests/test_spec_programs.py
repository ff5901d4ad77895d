"""The programs of SPEC.md's chapters: each is the native app of one of the chapter's scenarios.

``python -m tests.test_spec_programs`` writes them anew.
"""

from __future__ import annotations

import re

from callback_conformance.spec import specification as spec
from tests.suite import adapters, named_scenarios

#: The test, the dialect and the backend that the line above a program names; and the program.
_SHOWN = re.compile(
    r"^Example: `(test_\w+)` in `(\w+)`, on ([\w+]+)\. [^`]*?\n\n```python\n(.*?)^```$",
    re.M | re.DOTALL,
)
#: The implementation in whose names the programs of a dialect are written.
RELEASES = {"background": "dash", "long_callback": "dash", "labs": "dash_labs", "taipy": "taipy"}


def native_app(name: str, dialect: str, backend: str) -> tuple[str, str]:
    """The module of the suite that has this test, and the program of the test's first scenario."""
    release = next(adapter for adapter in adapters() if adapter.name == RELEASES[dialect])
    test, scenario = next(named_scenarios(dialect, name))
    return test.module, release.render(scenario, dialect, backend)


def chapters() -> dict[int, str]:
    """The text of each chapter of SPEC.md that has requirements."""
    parts = re.split(r"^## (?:(\d+)\. )?.*$", spec.SPEC.read_text(encoding="utf-8"), flags=re.M)
    texts = {
        int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True) if number
    }
    return {number: text for number, text in texts.items() if "\n#### " in text}


def test_each_chapter_shows_the_native_app_of_one_of_its_scenarios() -> None:
    for number, text in chapters().items():
        ((name, dialect, backend, program),) = _SHOWN.findall(text)
        module, rendered = native_app(name, dialect, backend)
        assert module.startswith(f"test_{number:02}_"), f"chapter {number} shows {name} of {module}"
        assert program == rendered, f"chapter {number}: run `python -m tests.test_spec_programs`"


if __name__ == "__main__":
    written = spec.SPEC.read_text(encoding="utf-8")
    for name, dialect, backend, program in _SHOWN.findall(written):
        written = written.replace(program, native_app(name, dialect, backend)[1])
    spec.SPEC.write_text(written, encoding="utf-8")
