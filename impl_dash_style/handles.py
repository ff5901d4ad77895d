"""Handles: the names of a page and its runs. Nobody can forge one, or use it on another page."""

from __future__ import annotations

from hmac import compare_digest
from uuid import uuid4

from itsdangerous import Signer


class BadHandle(Exception):
    """A handle that this server did not give to this page."""


class Handles:
    """Signs with a secret that all server processes share. A run's handle is bound to its page."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def new_page(self) -> str:
        """The handle of a page that is being loaded."""
        return self._sign("page", uuid4().hex)

    def page(self, handle: str) -> str:
        """The id of the page. Raises BadHandle for a forged handle."""
        return self._verify("page", handle)

    def for_run(self, page: str, run: str) -> str:
        """A run's handle, valid on this page alone."""
        return self._sign(f"run.{page}", run)

    def run(self, page: str, handle: str) -> str:
        """The id of the run. Raises BadHandle for a forged handle, and for one of another page."""
        return self._verify(f"run.{page}", handle)

    def _sign(self, purpose: str, id: str) -> str:
        return Signer(self._secret, salt=f"impl_dash_style.{purpose}").sign(id).decode()

    def _verify(self, purpose: str, handle: str) -> str:
        id = handle.rpartition(".")[0]
        # Compared as text: a decoded signature has several spellings.
        if not handle.isascii() or not compare_digest(self._sign(purpose, id), handle):
            raise BadHandle("not a handle of this page")
        return id
