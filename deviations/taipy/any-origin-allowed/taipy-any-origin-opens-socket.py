"""Taipy: a page of any site opens the socket."""

from taipy.gui import Gui

from deviations.common.taipy_page import serve

gui = Gui(page="")


def deviates() -> bool:
    serve(gui)
    http = gui.get_flask_app().test_client()
    address = "/socket.io/?EIO=4&transport=polling"
    answer = http.get(address, headers={"Origin": "http://other.example"})
    print("expected: a status from 400 to 499")
    print(f"seen: {answer.status_code}")
    return answer.status_code == 200
