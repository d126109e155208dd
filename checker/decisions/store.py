"""The file of decisions: an SQLite database of events, in which none is ever changed or removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from checker import sqlitefile
from checker.decisions.events import Event, dump, parse
from checker.decisions.events import load as checked
from checker.errors import BadDecisions
from checker.sqlitefile import Kind

FORMAT = 1
_TABLES = (
    "CREATE TABLE events (id TEXT PRIMARY KEY, finding TEXT NOT NULL, content TEXT NOT NULL)",
    "CREATE INDEX events_finding ON events (finding)",
    "CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER events_last BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END",
)


def _set_up(db: sqlite3.Connection) -> None:
    for statement in _TABLES:
        db.execute(statement)


_KIND = Kind("store of decisions", 0x63686B64, FORMAT, BadDecisions, _set_up, "DELETE")  # "chkd"
reading, writing = partial(sqlitefile.reading, _KIND), partial(sqlitefile.writing, _KIND)


class _Tried(Exception):
    """Ends a change that was only to be tried."""


def try_to_write(file: Path) -> None:
    """Begin to write what is there already, and leave it: SQLite opens, and begins to change, what may only be read."""
    with suppress(_Tried), writing(file) as db:
        db.execute(f"PRAGMA user_version = {FORMAT}")
        raise _Tried


def put(db: sqlite3.Connection, events: Iterable[Event]) -> int:
    """Add events; how many were not there yet."""
    rows = [(one.id, one.finding, dump(one)) for one in events]
    before = db.total_changes
    db.executemany("INSERT INTO events VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)
    return db.total_changes - before


def events(db: sqlite3.Connection, finding: str | None = None) -> list[Event]:
    """The events of one finding, or of all, by time."""
    where, values = ("", ()) if finding is None else (" WHERE finding = ?", (finding,))
    found = map(_event, db.execute(f"SELECT content FROM events{where}", values))
    return sorted(found, key=lambda one: (one.at, one.id))


def after(db: sqlite3.Connection, position: int) -> list[tuple[int, Event]]:
    """The events that were kept after a position, each with its own; positions go up in the order of keeping."""
    rows = db.execute("SELECT rowid, content FROM events WHERE rowid > ? ORDER BY rowid", (position,))
    return [(row, _event((content,))) for row, content in rows]


def _event(row: tuple[str]) -> Event:
    try:
        return parse(row[0])
    except ValueError as error:
        raise sqlite3.DatabaseError(f"an event does not read back: {error}") from error


def faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with the file: SQLite's own findings, and events that are not what their ids name."""
    found = [f"{row[0]}" for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    for id, finding, content in db.execute("SELECT id, finding, content FROM events ORDER BY id"):
        try:
            made = checked(content)
            if (made.id, made.finding) != (id, finding):
                found.append(f"event {id}: it is kept as another")
        except ValueError as error:
            found.append(f"event {id}: {error}")
    return found
