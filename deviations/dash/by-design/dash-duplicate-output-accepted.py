"""Dash: two callbacks with one output are accepted where the page is not in debug mode.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import re
import sys

try:
    from dash import Dash, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def main() -> int:
    app = Dash()
    app.layout = html.Div([html.Button(id="run"), html.Button(id="go"), html.Div(id="out")])
    print("expected: an error where the second is declared, or on the page")
    try:
        for trigger in ("run", "go"):
            app.callback(Output("out", "children"), Input(trigger, "n_clicks"))(lambda n: n)
        http = app.server.test_client()
        page = http.get("/").text
    except Exception as error:
        print(f"seen: {type(error).__name__}: {error}")
        return 0
    listed = [entry["output"] for entry in http.get("/_dash-dependencies").json]
    told = re.search(r'"validate_callbacks": ?(true|false)', page)
    looks = told.group(1) if told else "absent"
    print(f"seen: the page is served with the callbacks {listed};")
    print(f"      whether it looks for duplicates (validate_callbacks): {looks}")
    return 0 if looks == "true" else int(listed.count("out.children") == 2)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
