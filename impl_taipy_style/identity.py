"""Which client a request comes from.

The server gives each browser an id in a signed cookie. Nobody can make one up, the page's scripts
cannot read it, and it stands in no address, no message and no log.
"""

from __future__ import annotations

import secrets

from flask import Response, request
from itsdangerous import BadSignature, Signer

REMEMBERED_SECONDS = 365 * 24 * 3600  # by the browser


class Identities:
    """Gives ids to browsers, and knows those that it gave: a server started later does not."""

    def __init__(self) -> None:
        self._signer = Signer(secrets.token_bytes(32))

    def give(self, response: Response) -> None:
        """Send a new id along with ``response``."""
        response.set_cookie(
            _cookie_name(),
            self._signer.sign(secrets.token_hex(16)).decode(),
            max_age=REMEMBERED_SECONDS,
            httponly=True,
            samesite="Lax",  # Other sites' pages send no cookie along, but links to this page do.
        )

    def of_request(self) -> str | None:
        """The id that the present request brings; None without one that was given here."""
        try:
            return self._signer.unsign(request.cookies.get(_cookie_name(), "")).decode()
        except BadSignature:
            return None


def _cookie_name() -> str:
    """It names the port, because a browser sends a cookie to all servers of a host."""
    return f"client-{request.environ['SERVER_PORT']}"
