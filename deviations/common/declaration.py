"""Declarations that a release should accept, or refuse with an error that names the mistake."""

from collections.abc import Callable, Iterable
from typing import Any


def error_of(declare: Callable[..., None], **options: Any) -> str:
    """Return the error that a declaration raises, or an empty text."""
    try:
        declare(**options)
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return ""


def leaves_unnamed(
    declare: Callable[..., None], mistakes: Iterable[tuple[str, dict[str, Any]]]
) -> bool:
    """Tell whether a mistake raises no error that holds its name; print what is expected and seen of each."""
    declare()
    unnamed = 0
    for name, options in mistakes:
        error = error_of(declare, **options)
        print(f"expected: an error that names {name}")
        print(f"seen: {error or 'the callback is declared'}")
        unnamed += name not in error
    return unnamed > 0
