"""Taipy: a page of any site may read what the server answers."""

from taipy.gui import Gui

from deviations.common.taipy_page import TaipyPage, serve

gui = Gui(page="")


def deviates() -> bool:
    serve(gui)
    page = TaipyPage(gui)
    http = gui.get_flask_app().test_client()
    address = f"/taipy-init?client_id={page.client}"
    answer = http.get(address, headers={"Origin": "http://other.example"})
    allowed = answer.headers.get("Access-Control-Allow-Origin")
    print("expected: None")
    print(f"seen: {allowed}")
    return allowed is not None
