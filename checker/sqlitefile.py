"""A SQLite file of ours: opened to read or to change, and what is wrong with one told in one line.

Every change is one transaction, so that a process killed at any moment leaves the file as it was before or as it is
after, and what was committed is on the disk. SQLite finishes or undoes what a killed one began when the file is next
opened.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from checker.errors import CheckerError

# How long to wait for another process that writes, in seconds.
PATIENCE = 10
# ... and between two attempts.
_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file holds: its name in messages, the number that tells it from any other SQLite file, and its format.

    `set_up` makes its tables; `error` is what goes wrong with it. The `journal` is WAL for long changes, during which
    others read, and DELETE for short ones, which it makes three times as fast.
    """

    name: str
    application: int
    format: int
    error: type[CheckerError]
    set_up: Callable[[sqlite3.Connection], None]
    journal: str


@contextmanager
def reading(kind: Kind, path: Path) -> Iterator[sqlite3.Connection]:
    """A file to read, as it was before whatever another process is writing.

    Raises the error of its kind where there is none, or it is damaged or of a newer format.
    """
    if not os.path.lexists(path):
        raise kind.error(f"no such {kind.name}", str(path))
    # Opened for writing, where that is allowed: what a killed process left behind may have to be undone.
    with _clear_errors(kind, path), closing(connect(kind, path, "rw")) as db:
        if not _is_set_up(kind, db, path):
            raise kind.error(f"holds no {kind.name} yet", str(path))
        yield db


@contextmanager
def writing(kind: Kind, path: Path, new: bool = False) -> Iterator[sqlite3.Connection]:
    """A file to change; all changes are kept together at the end, or none of them.

    Where there is none it is made, if it may be `new`. Raises the error of its kind, also where another process writes
    for longer than PATIENCE.
    """
    if not new and not os.path.lexists(path):
        raise kind.error(f"no such {kind.name}", str(path))
    with _clear_errors(kind, path), closing(connect(kind, path, "rwc")) as db:
        ready = False
        try:
            _begin(kind, db, path)
            if not _is_set_up(kind, db, path):
                if not new:
                    raise kind.error(f"holds no {kind.name} yet", str(path))
                kind.set_up(db)
                db.execute(f"PRAGMA application_id = {kind.application}")
                db.execute(f"PRAGMA user_version = {kind.format}")
            yield db
            ready = True
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            elif ready and isinstance(error, KeyboardInterrupt):
                return  # it came when all was kept already
            raise
        finally:
            with suppress(sqlite3.OperationalError, KeyboardInterrupt):  # while others read, it stays as it is
                db.execute("PRAGMA busy_timeout = 0")
                db.execute("PRAGMA journal_mode = DELETE")


def is_sqlite(path: Path) -> bool:
    """Whether a file begins as SQLite files do."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _begin(kind: Kind, db: sqlite3.Connection, path: Path) -> None:
    """Begin to write, when no other process does: SQLite itself does not wait where two change the kind of log."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _is_set_up(kind, db, path)  # before a byte of something else is changed
            # With a write-ahead log others can read meanwhile. It is folded into the one file at the end.
            db.execute(f"PRAGMA journal_mode = {kind.journal}")
            db.execute("PRAGMA synchronous = EXTRA")  # once it is committed it is on the disk, and its journal is not
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)


def connect(kind: Kind, path: Path, mode: str) -> sqlite3.Connection:
    """A connection in a mode of SQLite's: rw, or rwc to make the file."""
    if path.exists() and not path.is_file():
        raise kind.error("is a folder" if path.is_dir() else "is not a regular file", str(path))
    # The name as bytes: it may be no UTF-8, and may hold what a URI would read otherwise.
    uri = f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"
    db = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
    db.text_factory = _text
    return db


@contextmanager
def _one_moment(db: sqlite3.Connection) -> Iterator[None]:
    """What is read in here is as it was at one moment."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _is_set_up(kind: Kind, db: sqlite3.Connection, path: Path) -> bool:
    """Whether the file holds what it should; False where it holds nothing at all."""
    with _one_moment(db):  # of which another process may be making it
        version, application = (
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")
        )
        empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application == kind.application and version == kind.format:
        return True
    if application == kind.application:
        reason = f"is of format {version}; this version of checker reads format {kind.format}"
        raise kind.error(reason, str(path))
    if application or not empty:
        raise kind.error("is a database of something else", str(path))
    return False


_REASONS = {
    sqlite3.SQLITE_BUSY: f"is in use by another process (waited {PATIENCE} s)",
    sqlite3.SQLITE_LOCKED: f"is in use by another process (waited {PATIENCE} s)",
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written",
    sqlite3.SQLITE_READONLY: "may not be written",
    sqlite3.SQLITE_PERM: "may not be opened",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_NOTADB: "is damaged, or no {name}",
    sqlite3.SQLITE_CORRUPT: "is damaged",
}


@contextmanager
def _clear_errors(kind: Kind, path: Path) -> Iterator[None]:
    """Errors of SQLite as those of a kind; an error that has no code is of what does not read back."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a message of SQLite may quote what is no text
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # without what is said in detail
        reason = _REASONS[code].format(name=kind.name) if code in _REASONS else f"cannot be used ({error})"
        if code == sqlite3.SQLITE_CANTOPEN and not path.parent.is_dir():
            reason = "its folder does not exist"
        elif code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR):
            reason += f" ({error})"
        raise kind.error(reason, str(path)) from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("it holds text that is none") from error
