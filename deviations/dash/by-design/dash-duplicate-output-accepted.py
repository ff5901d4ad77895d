"""Dash: two callbacks with one output are accepted where the page is not in debug mode."""

import re

from dash import Dash, Input, Output, html

from deviations.common.dash_page import Page


def deviates() -> bool:
    app = Dash()
    app.layout = html.Div([html.Button(id="run"), html.Button(id="go"), html.Div(id="out")])
    print("expected: an error where the second is declared, or on the page")
    try:
        for trigger in ("run", "go"):
            app.callback(Output("out", "children"), Input(trigger, "n_clicks"))(lambda n: n)
        page = Page(app)
    except Exception as error:
        print(f"seen: {type(error).__name__}: {error}")
        return False
    if page.loaded.status_code >= 400:
        print(f"seen: the page is answered with {page.loaded.status_code}")
        return False
    outputs = [callback["output"] for callback in page.http.get("/_dash-dependencies").json]
    setting = re.search(r'"validate_callbacks": ?(true|false)', page.loaded.text)
    checks = setting.group(1) if setting else "absent"
    print(f"seen: the page is served with the callbacks {outputs};")
    print(f"      whether it looks for duplicates (validate_callbacks): {checks}")
    return checks != "true" and outputs.count("out.children") == 2
