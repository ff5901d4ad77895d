"""Dash: callbacks that trigger one another in a circle are accepted where the page is not in debug mode."""

import re

from dash import Dash, Input, Output, html

from deviations.common.dash_page import Page


def deviates() -> bool:
    app = Dash()
    app.layout = html.Div([html.Div(id="one"), html.Div(id="two")])
    print("expected: an error where the second is declared, or on the page")
    try:
        for output, trigger in (("one", "two"), ("two", "one")):
            app.callback(Output(output, "children"), Input(trigger, "children"))(lambda text: text)
        page = Page(app)
    except Exception as error:
        print(f"seen: {type(error).__name__}: {error}")
        return False
    if page.loaded.status_code >= 400:
        print(f"seen: the page is answered with {page.loaded.status_code}")
        return False
    outputs = [callback["output"] for callback in page.http.get("/_dash-dependencies").json]
    setting = re.search(r'"validate_callbacks": ?(true|false)', page.loaded.get_data(as_text=True))
    checks = setting.group(1) if setting else "absent"
    print(f"seen: the page is served with the callbacks {outputs};")
    print(f"      whether it looks for circles (validate_callbacks): {checks}")
    return checks != "true" and outputs == ["one.children", "two.children"]
