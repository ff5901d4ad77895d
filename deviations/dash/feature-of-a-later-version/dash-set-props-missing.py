"""Dash: there is no `set_props`.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys

try:
    import dash
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def main() -> int:
    print("expected: dash has a function by which a job sets a property")
    there = hasattr(dash, "set_props")
    print(f"seen: dash {dash.__version__} has {'one' if there else 'none'}")
    return 0 if there else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
