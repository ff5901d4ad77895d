"""General operators: what may go wrong in any program, one place at a time.

They are those of mutmut and cosmic-ray, without texts, and with whole statements left out. Neither of these can run a
suite whose implementation lives in other processes, so that only the operators would be theirs.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterator

from tools.mutants.mutant import Edit, Mutant, source

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
#: What a program may lack and still run. Without the assignment to a name, or an argument, most fail at once.
DROPPED = (
    ast.Expr,
    ast.AugAssign,
    ast.Delete,
    ast.Raise,
    ast.If,
    ast.For,
    ast.While,
    ast.Break,
    ast.Continue,
)


def mutants(module: str) -> list[Mutant]:
    """The mutants of one module, in the order of its text."""
    text = source(module)
    lines = text.splitlines(keepends=True)
    starts = list(itertools.accumulate(map(len, lines), initial=0))
    tree = ast.parse(text)
    annotations = {id(part) for node in ast.walk(tree) for part in _annotations(node)}

    def position(line: int, column_bytes: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column_bytes].decode())

    every = {
        Mutant(module, (Edit(start, text[start:end], new),))
        for node in ast.walk(tree)
        if id(node) not in annotations
        for replaced, new in _variants(node)
        for start, end in [(position(*places) for places in _places(replaced))]
        if text[start:end] != new
    }
    return sorted(every, key=_order)


def _order(mutant: Mutant) -> tuple[int, int, str]:
    (edit,) = mutant.edits
    return edit.start, len(edit.old), edit.new


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a program for its readers: annotations, and ``frozen=True`` of a class."""
    decorators = node.decorator_list if isinstance(node, ast.ClassDef) else []
    roots = [getattr(node, "annotation", None), getattr(node, "returns", None), *decorators]
    return (part for root in roots if root for part in ast.walk(root))


def _variants(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """A part of ``node``, and the text that replaces it."""
    match node:
        case ast.Compare(ops=[operator]):
            yield node, _with(node, ops=[COMPARISONS[type(operator)]()])
        case ast.BoolOp():
            yield node, _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.UnaryOp(op=ast.Not()):
            yield node, _unparsed(node.operand)
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield node, _with(node, op=ARITHMETIC[type(node.op)]())
        case ast.Constant(value=bool()):
            yield node, str(not node.value)
        case ast.Constant(value=int() | float() as number):
            yield node, repr(number + 1)
        case ast.If() | ast.While() | ast.IfExp():
            yield node.test, f"(not ({ast.unparse(node.test)}))"
        case ast.comprehension(ifs=[condition, *_]):
            yield condition, f"(not ({ast.unparse(condition)}))"
        case ast.Return(value=ast.expr()):
            yield node, "return None"
        case ast.Call(keywords=[*_, ast.keyword()]):
            yield node, _with(node, keywords=node.keywords[:-1])
        case ast.With():
            yield node.items[0], "__import__('contextlib').nullcontext()"
    yield from _left_out(node)


def _left_out(node: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement of a function left out, but for docstrings."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list) or isinstance(node, (ast.Module, ast.ClassDef)):
            continue
        for statement in block:
            is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not is_text and (isinstance(statement, DROPPED) or _sets_a_part(statement)):
                yield statement, "pass"


def _sets_a_part(statement: ast.stmt) -> bool:
    """True for what changes an object, rather than binding a name."""
    match statement:
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            return True
        case ast.AnnAssign(target=ast.Attribute() | ast.Subscript()):
            return True
    return False


def _with(node: ast.expr, **fields: object) -> str:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return _unparsed(changed)


def _unparsed(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _places(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where a node begins and ends: line, and column in bytes."""
    if isinstance(node, ast.withitem):
        node = node.context_expr
    assert isinstance(node, (ast.expr, ast.stmt))
    assert node.end_lineno
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
