"""Sessions and users: who a request comes from, as far as the server can tell."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from flask import Response, request

_COOKIE: Final = "impl_dash_style_session"


def start_session(response: Response) -> None:
    """Give the browser that loads a page a session, unless it has one."""
    if _cookie() is None:
        response.set_cookie(
            _COOKIE, uuid4().hex, httponly=True, samesite="Lax", secure=request.is_secure
        )


def session(page: str) -> tuple[str, str]:
    """The browser session of the request. Without cookies, each page is a session of its own."""
    id = _cookie()
    return ("page", page) if id is None else ("session", id)


def user(page: str) -> tuple[str, str]:
    """The user who is logged in by HTTP authentication, or the session where nobody is."""
    login = request.authorization
    name = (login.username if login else None) or request.remote_user
    return ("user", name) if name else session(page)


def _cookie() -> str | None:
    """The session in the browser's cookie. It cannot be guessed, so it need not be signed."""
    id = request.cookies.get(_COOKIE, "")
    return id if re.fullmatch("[0-9a-f]{32}", id) else None
