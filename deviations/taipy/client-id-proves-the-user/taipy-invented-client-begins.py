"""Taipy: a client id that the server never gave makes a new client."""

from taipy.gui import Gui, State, get_state_id

from deviations.common.taipy_page import TaipyPage, serve

clients: list[str] = []


def on_init(state: State) -> None:
    clients.append(str(get_state_id(state)))


gui = Gui(page="")


def deviates() -> bool:
    serve(gui)
    page = TaipyPage(gui)
    page.load()
    http = gui.get_flask_app().test_client()
    http.get("/taipy-init?client_id=invented")
    invented = [client for client in clients if client != page.client]
    print("expected: on_init is called for the client that the server made, and for no other")
    print(f"seen: on_init is called for {invented} too")
    return bool(invented)
