"""What the database holds of each run, beside Huey's queue: its state, result, progress and updates; and the cache.

A *run* is one trigger of a callback. Its name is unique, so that no run finds anything of another; only the entries
of the cache are shared, under names of their own.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from dash_huey import processes

LOCK_SECONDS = 60  # how long a process waits for the others to leave the database
LIFE_SECONDS = 24 * 60 * 60  # of what no page fetches, because its user has left

#: The states of a run. One that is delivered or stopped is over.
QUEUED, RUNNING, ENDED, DELIVERED, STOPPED = "queued", "running", "ended", "delivered", "stopped"

TABLES = """
create table if not exists run
    (name text primary key, state text, process text, result text, progress text, added real);
create table if not exists props (run text, component text, props text);
create table if not exists entry (name text primary key, result text, expires real);
create table if not exists secret (id integer primary key check (id = 1), secret blob);
"""


class Store:
    """Each method is one transaction of a connection of its own: nothing is left to a process that is forked, and
    nothing half done by one that is killed. Values are JSON, so that a server needs none of a worker's modules."""

    def __init__(self, filename: str | Path) -> None:
        self.filename = str(Path(filename).resolve())
        with self._transaction() as database:
            for statement in filter(str.strip, TABLES.split(";")):
                database.execute(statement)

    # The life of a run.

    def add(self, run: str, result: str | None) -> None:
        """A new run, which waits for a worker; with a result, it waits for its page only."""
        with self._transaction() as database:
            old = [time.time() - LIFE_SECONDS, QUEUED, RUNNING]
            database.execute("delete from run where added < ? and state not in (?, ?)", old)
            database.execute("delete from props where run not in (select name from run)")
            state = QUEUED if result is None else ENDED
            database.execute(
                "insert into run values (?, ?, null, ?, null, ?)", [run, state, result, time.time()]
            )

    def begin(self, run: str) -> bool:
        """Note that this process executes the job of a run. False for a run that was stopped."""
        with self._transaction() as database:
            return _move(database, run, QUEUED, RUNNING, process=processes.current())

    def put_result(self, run: str, text: str) -> None:
        """Store the result of a run that was not stopped, as ``encoded`` gives it."""
        with self._transaction() as database:
            _move(database, run, RUNNING, ENDED, result=text)

    def deliver(self, run: str) -> str | None:
        """The result of a run, or how it has failed, once; None for one that goes on or is over."""
        with self._transaction() as database:
            state, process, result = _row(database, run, "state, process, result")
            if state is None:
                return failure("the database no longer knows the job")
            if state == RUNNING and not processes.is_alive(process):
                result = failure("the process of the job has died")
            elif state != ENDED:
                return None
            _move(database, run, state, DELIVERED)
            return result

    def waits(self, run: str) -> bool:
        """True while a page still waits for a run."""
        with self._transaction() as database:
            return _row(database, run, "state")[0] in (QUEUED, RUNNING, ENDED)

    def has_result(self, run: str) -> bool:
        """True once a run has a result that was not delivered."""
        with self._transaction() as database:
            return _row(database, run, "state")[0] == ENDED

    def stop(self, run: str) -> None:
        """End a run, and kill its job. The process cannot go on to another job meanwhile: before it does, it stores
        the result, for which it waits until this transaction is over."""
        with self._transaction() as database:
            state, process = _row(database, run, "state, process")
            if state == RUNNING:
                processes.kill(process)
            if state in (QUEUED, RUNNING, ENDED):
                _move(database, run, state, STOPPED)

    # What a job reports while it runs.

    def put_progress(self, run: str, value: Any) -> None:
        """Store the newest progress."""
        with self._transaction() as database:
            database.execute("update run set progress = ? where name = ?", [encoded(value), run])

    def take_progress(self, run: str) -> Any:
        """The newest progress, unless it was taken before."""
        with self._transaction() as database:
            (text,) = _row(database, run, "progress")
            database.execute("update run set progress = null where name = ?", [run])
        return json.loads(text) if text else None

    def add_update(self, run: str, component: str, props: dict[str, Any]) -> None:
        """Store what a call of ``set_props`` sets, after what earlier calls have set."""
        with self._transaction() as database:
            database.execute("insert into props values (?, ?, ?)", [run, component, encoded(props)])

    def take_updates(self, run: str) -> dict[str, dict[str, Any]]:
        """All that ``set_props`` has set since this was last called: of each property the latest value. Nothing of a
        run that was stopped."""
        merged: dict[str, dict[str, Any]] = {}
        with self._transaction() as database:
            rows = database.execute(
                "select component, props from props where run = ? order by rowid", [run]
            ).fetchall()
            database.execute("delete from props where run = ?", [run])
            stopped = _row(database, run, "state")[0] == STOPPED
        for component, props in () if stopped else rows:
            merged.setdefault(component, {}).update(json.loads(props))
        return merged

    # What runs share.

    def put_entry(self, entry: str, text: str, expire: int | None) -> None:
        """Keep a result for later triggers, for ``expire`` seconds (None: for ever)."""
        expires = None if expire is None else time.time() + expire
        with self._transaction() as database:
            database.execute("delete from entry where expires < ?", [time.time()])
            database.execute(
                "insert or replace into entry values (?, ?, ?)", [entry, text, expires]
            )

    def entry(self, entry: str, expire: int | None) -> str | None:
        """A result that was kept; its ``expire`` seconds begin anew."""
        with self._transaction() as database:
            row = database.execute(
                "select result from entry where name = ? and (expires is null or expires > ?)",
                [entry, time.time()],
            ).fetchone()
            expires = None if expire is None else time.time() + expire
            database.execute("update entry set expires = ? where name = ?", [expires, entry])
        return row and row[0]

    def secret(self, proposed: bytes) -> bytes:
        """The secret of all servers: the first that was proposed."""
        with self._transaction() as database:
            database.execute("insert or ignore into secret values (1, ?)", [proposed])
            return database.execute("select secret from secret").fetchone()[0]

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes in."""
        connection = sqlite3.connect(self.filename, timeout=LOCK_SECONDS, isolation_level=None)
        with contextlib.closing(connection):
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")


def encoded(value: Any) -> str:
    """A value as JSON, as Dash writes it. Raises TypeError for what has no such form."""
    return json.dumps(value, cls=PlotlyJSONEncoder)


def failure(message: str, stack: str = "") -> str:
    """A result that Dash shows as the error of the callback."""
    return encoded({"background_callback_error": {"msg": message, "tb": stack}})


def _row(database: sqlite3.Connection, run: str, columns: str) -> tuple[Any, ...]:
    """Columns of a run; each is None if the database does not know it."""
    query = f"select {columns} from run where name = ?"  # noqa: S608  our own names
    return database.execute(query, [run]).fetchone() or (None,) * len(columns.split(","))


def _move(
    database: sqlite3.Connection, run: str, before: str, after: str, **columns: str | None
) -> bool:
    """Take a run from one state to another. False if it is not in the first."""
    changes = {"state": after, **columns}
    assignments = ", ".join(f"{name} = ?" for name in changes)
    moved = database.execute(
        f"update run set {assignments} where name = ? and state = ?",  # noqa: S608  our own names
        [*changes.values(), run, before],
    )
    return moved.rowcount == 1
