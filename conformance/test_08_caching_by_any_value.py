"""SPEC.md, chapter 8: Caching. What results are cached by may be a value of any type."""

from __future__ import annotations

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import value_in

from .cached import CHOICE, OUT, by, cached, hit, run

#: Two values of each type, alike as far as that is possible.
PAIRS = {
    "number or its text": ("1", '"1"'),
    "bytes or their text": ('b"1"', '"1"'),
    "tuple or its parts": ("((1, 2), 3)", "(1, (2, 3))"),
    "frozenset": ("frozenset({1, 2})", "frozenset({1, 3})"),
    "date": ("datetime.date(2026, 1, 2)", "datetime.date(2026, 2, 1)"),
    "time": (
        "datetime.datetime(2026, 1, 2, microsecond=1)",
        "datetime.datetime(2026, 1, 2, microsecond=2)",
    ),
    "decimal": ('decimal.Decimal("0.10000000000000000001")', 'decimal.Decimal("0.1")'),
    "id": ("uuid.UUID(int=1)", "uuid.UUID(int=2)"),
    "object": ("types.SimpleNamespace(major=1)", "types.SimpleNamespace(major=2)"),
    "long list": ("[*range(9999), 1]", "[*range(9999), 2]"),
}
TABLE = {
    f"{name} {place}": value
    for name, pair in PAIRS.items()
    for place, value in enumerate(pair, start=1)
}
MODULES = ("datetime", "decimal", "types", "uuid")
READ = value_in("version.txt", TABLE, *MODULES)


def page_of_values(open_page: OpenPage) -> Page:
    """The page of a program whose results are cached by a value of the table."""
    files = {"version.txt": next(iter(TABLE))}
    return open_page(CHOICE, OUT, cached(), managers=by(READ), files=files)


@covers("CACHE-6")
def test_another_value_of_any_type_executes_a_job(open_page: OpenPage) -> None:
    page = page_of_values(open_page)
    for word in TABLE:
        page.server.change_file("version.txt", word)
        page.set("out.children", "nothing")
        try:
            run(page, "of " + word.rpartition(" ")[0], word)
        except Violation as missing:
            raise Violation(f"for {TABLE[word]}: {missing}") from None


@covers("CACHE-2")
def test_an_equal_value_of_any_type_is_a_hit(open_page: OpenPage) -> None:
    page = page_of_values(open_page)
    for name in ("frozenset", "date", "decimal", "id", "object"):
        page.server.change_file("version.txt", f"{name} 1")
        run(page, name, name)
        try:
            hit(page, name, name)
        except Violation as missing:
            raise Violation(f"for {TABLE[f'{name} 1']}: {missing}") from None
