"""A reproducer as one file that a maintainer can run with the release alone.

What it imports from ``deviations/common`` is written into it, as far as it is used, and its imports are merged.
"""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Iterable, Sequence

from callback_conformance.ledger.closure import Closure, unused_methods
from callback_conformance.ledger.entries import Deviation
from callback_conformance.ledger.source import Import, NotExportable, Source, Statement, read_source

LINE_LENGTH = 100

HEAD = '''\
"""{title}

{about}
"""

from __future__ import annotations
'''

ABOUT = "The deviation {id} ({release}{versions}). Exit status: 1 it is there, 0 it is gone, 2 undecided."

#: How a reproducer ends that does not say it otherwise.
ENDING = """\
if __name__ == "__main__":
    conclude(deviates)"""

COMMON_COMMENT = (
    "# What follows is the same in many reproducers: it acts as a page, waits, and exits."
)


def export(deviation: Deviation) -> str:
    """Return the reproducer of a deviation as one file. Raises NotExportable."""
    own = read_source(deviation.reproducer)
    if not own.common and "deviates" not in own.definitions:
        return deviation.reproducer.read_text(encoding="utf-8")
    folder = deviation.reproducer.parents[2] / "common"
    everything, early = Closure(folder), Closure(folder)
    ending = [statement for statement in own.body if _is_main_block(statement)]
    if not ending:
        if "deviates" not in own.definitions:
            raise NotExportable(f"{deviation.id} defines no function `deviates`")
        everything.need("outcome", "conclude")
    everything.add(own, own.body)
    early.add(own, _executed_at_import(own))
    if clash := {name for _, name in everything.needed} & set(own.definitions):
        raise NotExportable(f"{deviation.id}: {clash.pop()} is defined in deviations/common, too")
    program = [statement for statement in own.body if statement not in ending]
    first, last = _split(everything, early)
    parts = [
        _head(deviation, own),
        *_imports(own, everything),
        _joined(first),
        _joined([statement.text for statement in program], program),
        _joined(last, comment=COMMON_COMMENT),
        _joined([statement.text for statement in ending] or [ENDING]),
    ]
    return _spaced([part for part in parts if part])


def _head(deviation: Deviation, own: Source) -> str:
    about = ABOUT.format(id=deviation.id, release=deviation.release, versions=deviation.versions)
    title = own.docstring.strip()
    return HEAD.format(title=title, about=textwrap.fill(about, LINE_LENGTH)).rstrip()


def _is_main_block(statement: Statement) -> bool:
    node = statement.node
    return isinstance(node, ast.If) and "__name__" in statement.uses


def _executed_at_import(own: Source) -> list[Statement]:
    """The statements of a reproducer whose execution at import needs a common definition."""
    return [
        Statement(ast.Expr(ast.Tuple([ast.Name(name, ast.Load())], ast.Load())), (), 0)
        for statement in own.body
        if not _is_main_block(statement)
        for name in sorted(statement.uses_at_import & set(own.common))
    ]


def _split(everything: Closure, early: Closure) -> tuple[list[str], list[str]]:
    """Return what must stand before the reproducer's own part, and what may follow it, where it is less in the way."""
    first: list[str] = []
    last: list[str] = []
    for module, statement in everything.statements():
        is_early = any((module, name) in early.needed for name in statement.binds)
        (first if is_early else last).append(_trimmed(statement, everything.attributes))
    return first, last


def _trimmed(statement: Statement, attributes: set[str]) -> str:
    """Return the text of a statement without the methods that nothing uses."""
    lines: list[str | None] = list(statement.lines)
    for method in unused_methods(statement.node, attributes):
        decorators = getattr(method, "decorator_list", [])
        begin = min([method.lineno, *(decorator.lineno for decorator in decorators)])
        end = method.end_lineno or begin
        begin, end = begin - statement.first_line, end - statement.first_line + 1
        while begin and not (lines[begin - 1] or "").strip():  # the blank line above it
            begin -= 1
        lines[begin:end] = [None] * (end - begin)
    return "\n".join(line for line in lines if line is not None)


def _imports(own: Source, everything: Closure) -> list[str]:
    """Return the imports: the standard library's, then the packages', without which nothing is decided."""
    imports = {*own.imports.values(), *everything.imports(), Import("sys")}
    standard = render_imports([imported for imported in imports if imported.is_standard])
    packages = render_imports(
        [imported for imported in imports if not imported.is_standard], indent=4
    )
    before = [*everything.before_imports(), *own.before_imports]
    guarded = [
        *(statement.text for statement in before),
        "try:",
        packages,
        "except ImportError as missing:",
        '    print(f"undecided: {missing}")',
        "    sys.exit(2)",
    ]
    return [standard, "\n".join(guarded if packages else guarded[: len(before)])]


def render_imports(imports: Iterable[Import], indent: int = 0) -> str:
    """Return sorted import statements: whole modules first, then names by module."""
    by_module: dict[str, list[Import]] = {}
    lines = []
    for imported in sorted(imports, key=lambda imported: (imported.module, _rank(imported.name))):
        if imported.name:
            by_module.setdefault(imported.module, []).append(imported)
        else:
            lines.append(f"import {imported.module}{_alias(imported)}")
    for module, members in by_module.items():
        names = [f"{member.name}{_alias(member)}" for member in members]
        line = f"from {module} import {', '.join(names)}"
        if indent + len(line) > LINE_LENGTH:
            line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
        lines.append(line)
    return textwrap.indent("\n".join(lines), " " * indent)


def _alias(imported: Import) -> str:
    return f" as {imported.alias}" if imported.alias else ""


def _rank(name: str) -> tuple[int, str]:
    """Constants come before classes, and classes before functions, as isort and ruff sort them."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _joined(texts: Sequence[str], origin: Sequence[Statement] = (), comment: str = "") -> str:
    """Join statements: two blank lines around functions and classes, else as many as in their origin."""
    parts: list[str] = []
    for number, text in enumerate(texts):
        if number:
            gap = "\n\n\n" if _is_block(text) or _is_block(texts[number - 1]) else "\n"
            if gap == "\n" and origin:
                above = origin[number - 1]
                lines_between = origin[number].first_line - above.first_line - len(above.lines)
                gap += "\n" * min(lines_between, 1)
            parts.append(gap)
        parts.append(text)
    joined = "".join(parts)
    return f"{comment}\n\n\n{joined}" if comment and joined else joined


def _is_block(text: str) -> bool:
    """True for a function or a class, also with a decorator or a comment above it."""
    line = next(line for line in text.splitlines() if not line.startswith("#"))
    return line.startswith(("def ", "class ", "@", "async def "))


def _spaced(parts: Sequence[str]) -> str:
    """Join the parts of the file: two blank lines around functions and classes, else one."""
    spaced = parts[0]
    for above, part in itertools.pairwise(parts):
        last = above.rstrip().splitlines()[-1]
        inside = last.startswith((" ", ")")) and not above.startswith(("try:", "os.environ"))
        gap = (
            "\n\n\n"
            if inside or _is_block(part) or part.startswith(("if __name__", "# What"))
            else "\n\n"
        )
        spaced += gap + part
    return spaced + "\n"
