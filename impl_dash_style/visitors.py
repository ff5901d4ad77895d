"""Visitors: whose page a request comes from, as far as a server is told."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from flask import Response, request

_COOKIE: Final = "impl_dash_style_session"


def remember(response: Response) -> None:
    """Give the browser that loads a page a session, unless it has one."""
    if _cookie() is None:
        response.set_cookie(
            _COOKIE, uuid4().hex, httponly=True, samesite="Lax", secure=request.is_secure
        )


def session(page: str) -> tuple[str, str]:
    """Return the browser session of the request. Without cookies, each page is one of its own."""
    id = _cookie()
    return ("page", page) if id is None else ("session", id)


def user(page: str) -> tuple[str, str]:
    """Return the user who is logged in by HTTP authentication; without a login, the session."""
    login = request.authorization
    name = (login.username if login else None) or request.remote_user
    return ("user", name) if name else session(page)


def _cookie() -> str | None:
    """Return the session that the browser names. It cannot be guessed, so it need not be signed."""
    id = request.cookies.get(_COOKIE, "")
    return id if re.fullmatch("[0-9a-f]{32}", id) else None
