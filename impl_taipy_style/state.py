"""The state: what a callback sees of one client."""

from __future__ import annotations

from typing import Any

from impl_taipy_style.client import Client

_NOTIFICATION_TYPES = {word[0]: word for word in ("success", "info", "warning", "error")}


class State:
    """The program's variables as one client has them.

    ``state.x`` reads this client's value of the program's variable ``x``; at first it is the one
    that the module gave it; a list, dict or set is copied first, any other object is shared by all
    clients. ``state.x = value`` changes it for this client alone, and at once on all of its open
    pages. It may be used in any thread, whether the client has an open page or not.
    """

    __slots__ = ("_client",)
    _client: Client

    def __init__(self, client: Client) -> None:
        object.__setattr__(self, "_client", client)

    def __getattr__(self, name: str) -> Any:
        return self._client.read(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._client.assign(name, value)


def notify(state: State, notification_type: str = "info", message: str = "") -> None:
    """Show ``message`` on the pages of the client that ``state`` belongs to.

    ``notification_type`` is "success", "info", "warning" or "error", or its first letter.
    Raises ValueError for any other.
    """
    kind = _NOTIFICATION_TYPES.get(notification_type[:1].lower())
    if kind is None or notification_type.lower() not in (kind, kind[0]):
        expected = ", ".join(_NOTIFICATION_TYPES.values())
        raise ValueError(f"notification_type is {notification_type!r}; expected one of {expected}")
    state._client.notify({"type": kind, "message": str(message)})
