"""The mutants of both implementations: those made by hand still apply, and there is one for each MUST."""

from __future__ import annotations

import ast
import sys
import types

import pytest

from callback_conformance.spec import specification as spec
from tools.mutants import known, operators, variants
from tools.mutants.mutant import Edit, Mutant, modules, source

MODULE = "impl_taipy_style/arguments.py"


def test_each_must_has_a_fault_that_violates_it() -> None:
    musts = {id for id, requirement in spec.load().requirements.items() if requirement.binding}
    violated = {fault.requirement for fault in known.faults()}
    assert musts <= violated <= set(spec.load().requirements)


def test_a_fault_changes_its_module_and_leaves_it_valid() -> None:
    for fault in known.faults():
        text = fault.text()
        assert text != source(fault.module), fault
        ast.parse(text)


def test_a_text_that_is_not_in_its_module_once_is_an_error() -> None:
    with pytest.raises(ValueError, match="RUN-1: this text stands 0 times in"):
        known._edit("RUN-1", MODULE, "no such text", "")


def test_general_mutants_are_valid_programs_that_differ() -> None:
    mutants = [mutant for name in modules() for mutant in operators.mutants(name)]
    assert len(mutants) == len(set(mutants)) > 1_000
    for mutant in operators.mutants(MODULE):
        assert ast.dump(ast.parse(mutant.text())) != ast.dump(ast.parse(source(MODULE)))


@pytest.mark.parametrize("kind", ["equivalent", "survivor"])
def test_each_reason_is_about_a_mutant(kind: str) -> None:
    for reason in known.reasons(kind):
        assert reason.reason.strip()
        assert any(map(reason.fits, operators.mutants(reason.module))), reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if a:\n        b()", "if (not (a)):\n        b()"),
        ("if a:\n        b()", "pass"),
        ("return a", "return None"),
        ("return a < 1", "return (a <= 1)"),
        ("return a < 1", "return a < 2"),
        ("return a and b", "return (a or b)"),
        ("return b(x=1)", "return (b())"),
        ("return not a", "return (a)"),
        ("return True", "return False"),
        ("a.b = 1", "pass"),
        ("with a:\n        b()", "with __import__('contextlib').nullcontext():\n        b()"),
        ("return [x for x in a if x]", "return [x for x in a if (not (x))]"),
    ],
)
def test_a_general_operator_changes_one_place(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "def f():\n    {}\n"
    for module in (operators, known, sys.modules[Mutant.__module__]):
        monkeypatch.setattr(module, "source", lambda name: program.format(before))
    assert program.format(after) in [mutant.text() for mutant in operators.mutants("a.py")]


def test_a_recording_notes_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str] = []
    recorder = types.ModuleType(variants.RECORDER)
    recorder.note = noted.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, variants.RECORDER, recorder)
    namespace: dict[str, object] = {"__name__": "recorded"}
    exec(variants.recording(MODULE), namespace)
    noted.clear()
    assert namespace["fit"](lambda a, b=2: None, [1]) == ([1, 2], {})  # type: ignore[operator]
    lines = source(MODULE).splitlines()
    ran = {lines[int(name.rpartition(":")[2]) - 1].strip() for name in noted}
    assert "positional.append(queue.popleft())" in ran
    assert "positional.extend(queue)" not in ran


def test_a_fault_is_known_by_its_statement() -> None:
    text = "queue = deque(values)"
    mutant = Mutant(MODULE, (Edit(source(MODULE).index(text), text, "pass"),))
    statement = mutant.statement()
    assert statement
    assert ast.unparse(statement) == text
    fits = known.Reason(MODULE, "why", within="deque(values)", new="pass").fits
    assert fits(mutant)
    assert not known.Reason(MODULE, "why", within="positional").fits(mutant)
