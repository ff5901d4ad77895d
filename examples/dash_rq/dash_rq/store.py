"""What Redis holds of each run: the result, the progress, the updates, and how it has ended.

A *run* is one trigger of a callback. Its name is unique, so that no run finds anything of another; only the entries
of the cache are shared, under names of their own.
"""

from __future__ import annotations

import json
from typing import Any

from plotly.utils import PlotlyJSONEncoder
from redis import Redis

DELIVERED, STOPPED = b"delivered", b"stopped"
LIFE_SECONDS = 24 * 60 * 60  # of what no page fetches, because its user has left


class Store:
    """Values as JSON, so that a server reads what a worker wrote without importing the worker's modules."""

    def __init__(self, connection: Redis) -> None:
        self.connection = connection

    def put_result(self, run: str, text: str) -> None:
        """Store the result of a run, as ``encoded`` gives it."""
        self.connection.set(_key(run, "result"), text, ex=LIFE_SECONDS)

    def result(self, run: str) -> bytes | None:
        """The result of a run, if it has one, as it was stored."""
        return self.connection.get(_key(run, "result"))

    def put_progress(self, run: str, value: Any) -> None:
        """Store the newest progress."""
        self.connection.set(_key(run, "progress"), encoded(value), ex=LIFE_SECONDS)

    def take_progress(self, run: str) -> Any:
        """The newest progress, unless it was taken before."""
        text = self.connection.getdel(_key(run, "progress"))
        return json.loads(text) if text else None

    def add_update(self, run: str, component: str, props: dict[str, Any]) -> None:
        """Store what a call of ``set_props`` sets, after what earlier calls have set."""
        key = _key(run, "updates")
        self.connection.rpush(key, encoded({component: props}))
        self.connection.expire(key, LIFE_SECONDS)

    def take_updates(self, run: str) -> dict[str, dict[str, Any]]:
        """All that ``set_props`` has set since this was last called: of each property the latest value."""
        key = _key(run, "updates")
        texts, _ = self.connection.pipeline().lrange(key, 0, -1).delete(key).execute()
        merged: dict[str, dict[str, Any]] = {}
        for text in texts:
            for component, props in json.loads(text).items():
                merged.setdefault(component, {}).update(props)
        return merged

    def end(self, run: str, how: bytes) -> bool:
        """End a run as ``DELIVERED`` or ``STOPPED``. True for the first call only."""
        return bool(self.connection.set(_key(run, "end"), how, nx=True, ex=LIFE_SECONDS))

    def ended(self, run: str) -> bytes | None:
        """How a run has ended; None while its page still waits."""
        return self.connection.get(_key(run, "end"))

    def put_entry(self, entry: str, text: str, expire: int | None) -> None:
        """Keep a result for later triggers, for ``expire`` seconds (None: for ever)."""
        self.connection.set(f"dash-rq:entry:{entry}", text, ex=expire)

    def entry(self, entry: str, expire: int | None) -> bytes | None:
        """A result that was kept; its ``expire`` seconds begin anew."""
        return self.connection.getex(f"dash-rq:entry:{entry}", ex=expire)


def encoded(value: Any) -> str:
    """A value as JSON, as Dash writes it. Raises TypeError for what has no such form."""
    return json.dumps(value, cls=PlotlyJSONEncoder)


def _key(run: str, what: str) -> str:
    return f"dash-rq:{run}:{what}"
