"""The file of a collection: an SQLite database of documents, their texts and their claims.

Every change is one transaction, so that a process killed at any moment leaves the file as it was before or as it is
after; SQLite finishes or undoes what a killed one began when the file is next opened. Claims are stored a document at a
time, by column, because they are asked for a document at a time; texts are kept apart, for whoever shows or reads them
again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from checker import __version__
from checker.errors import BadCollection
from checker.model import Claim, Document, OffsetMap
from checker.vocabulary import rules_dir

FORMAT = 1
# What tells a collection from any other SQLite file: "chkr".
_APPLICATION = 0x63686B72
# How long to wait for another process that writes, in seconds.
PATIENCE = 10

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL,
  known TEXT NOT NULL,
  title TEXT NOT NULL,
  date TEXT,
  place TEXT NOT NULL,
  note TEXT NOT NULL,
  count INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  claims BLOB NOT NULL
);
CREATE INDEX documents_place ON documents (place);
CREATE TABLE texts (document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE, text BLOB NOT NULL);
"""
_FIELDS = [field.name for field in fields(Claim)]
_DECIMALS = ("value", "low", "high", "step")
_TEXTS = ("path", "digest", "known", "title", "date", "place", "note")


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as a collection holds it; `known` is what manifests said of it, as JSON; `text` is compressed."""

    path: str
    digest: str
    known: str
    title: str
    date: str | None
    place: str
    note: str
    count: int
    rejected: int
    claims: bytes
    text: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a collection without what it states."""

    path: str
    digest: str
    known: str
    title: str
    date: str | None
    place: str
    count: int


def stored(document: Document, claims: Sequence[Claim], rejected: int, known: str) -> Stored:
    """A document ready to be put into a collection."""
    return Stored(
        path=document.path,
        digest=document.digest,
        known=known,
        title=document.title,
        date=document.date.isoformat() if document.date else None,
        place=document.place,
        note=document.note,
        count=len(claims),
        rejected=rejected,
        claims=_packed(claims),
        text=zlib.compress(document.text.encode("utf-8", "surrogatepass")),
    )


@cache
def made_with() -> str:
    """This version and its vocabulary, by which claims were read off: others may read other claims off a text."""
    vocabulary = hashlib.sha256()
    for path in sorted((rules_dir() / "vocabulary").glob("*.yaml")):
        vocabulary.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{__version__} {vocabulary.hexdigest()[:16]}"


# ---- opening


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A collection to read. Raises BadCollection where there is none, or it is damaged or of a newer format."""
    if not path.is_file():
        raise BadCollection("no such collection", str(path))
    with _clear_errors(path), closing(_connect(path, "ro")) as db:
        if not _is_collection(db, path):
            raise BadCollection("holds no collection yet", str(path))
        yield db


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A collection to change, made where there is none; all changes are kept together at the end, or none of them.

    Raises BadCollection, also where another process writes for longer than PATIENCE.
    """
    with _clear_errors(path), closing(_connect(path, "rwc")) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("BEGIN IMMEDIATE")
        try:
            if not _is_collection(db, path):
                for statement in filter(str.strip, _TABLES.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {_APPLICATION}")
                db.execute(f"PRAGMA user_version = {FORMAT}")
                db.execute("INSERT INTO meta VALUES ('made_with', ?)", (made_with(),))
            yield db
        except BaseException:
            db.execute("ROLLBACK") if db.in_transaction else None
            raise
        db.execute("COMMIT")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # The name as bytes: it may be no UTF-8, and may hold what a URI would read otherwise.
    uri = f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"
    db = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
    db.text_factory = lambda data: data.decode("utf-8", "surrogatepass")
    return db


def _is_collection(db: sqlite3.Connection, path: Path) -> bool:
    """Whether the file holds a collection; False where it holds nothing at all."""
    version, application = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id"))
    if application == _APPLICATION and version == FORMAT:
        return True
    if application == _APPLICATION and version > FORMAT:
        raise BadCollection(f"is of format {version}; this version of checker reads format {FORMAT}", str(path))
    if application or db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise BadCollection("is a database of something else", str(path))
    return False


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        reason = str(error)
        if "locked" in reason:
            reason = f"is being written by another process (waited {PATIENCE} s)"
        elif "not a database" in reason or "malformed" in reason:
            reason = f"is damaged or no collection ({reason})"
        elif "unable to open" in reason:
            reason = "cannot be opened" if path.parent.is_dir() else "its folder does not exist"
        raise BadCollection(reason, str(path)) from error


# ---- what it holds


def entries(db: sqlite3.Connection) -> list[Entry]:
    """The documents of a collection, in order of path."""
    rows = db.execute("SELECT path, digest, known, title, date, place, count FROM documents")
    return sorted((Entry(*row) for row in rows), key=lambda entry: entry.path)


def is_stale(db: sqlite3.Connection) -> bool:
    """Whether another version, or another vocabulary, read the claims off the texts."""
    row = db.execute("SELECT value FROM meta WHERE key = 'made_with'").fetchone()
    return row is None or row[0] != made_with()


def mark_fresh(db: sqlite3.Connection) -> None:
    """Note that this version read off all claims."""
    db.execute("INSERT OR REPLACE INTO meta VALUES ('made_with', ?)", (made_with(),))


def put(db: sqlite3.Connection, document: Stored) -> None:
    """Add a document, or replace the one with its path."""
    take_out(db, [document.path])
    texts = [_raw(getattr(document, name)) for name in _TEXTS]
    cursor = db.execute(
        f"INSERT INTO documents ({', '.join(_TEXTS)}, count, rejected, claims) "
        f"VALUES ({', '.join(['CAST(? AS TEXT)'] * len(_TEXTS))}, ?, ?, ?)",
        (*texts, document.count, document.rejected, document.claims),
    )
    db.execute("INSERT INTO texts VALUES (?, ?)", (cursor.lastrowid, document.text))


def take_out(db: sqlite3.Connection, paths: Iterable[str]) -> int:
    """Remove documents; how many there were."""
    removed = 0
    for path in paths:
        removed += db.execute("DELETE FROM documents WHERE path = CAST(? AS TEXT)", (_raw(path),)).rowcount
    return removed


def load(db: sqlite3.Connection, places: Iterable[str] | None = None) -> tuple[list[Document], list[Claim]]:
    """Documents (without their text) and their claims, of some places or of all, in order of path."""
    columns = "SELECT path, digest, title, date, place, note, claims FROM documents"
    if places is None:
        rows = db.execute(columns).fetchall()
    else:
        rows = [
            row
            for place in sorted(set(places))
            for row in db.execute(f"{columns} WHERE place = CAST(? AS TEXT)", (_raw(place),))
        ]
    documents, claims = [], []
    for path, digest, title, day, place, note, packed in sorted(rows, key=lambda row: row[0]):
        when = date.fromisoformat(day) if day else None
        documents.append(Document(path, "", "", OffsetMap((), ()), title, when, place, digest, note))
        claims += _unpacked(packed)
    return documents, claims


def texts(db: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Path, what was known of it, and text of every document."""
    query = "SELECT path, known, text FROM documents JOIN texts ON document = id ORDER BY path"
    for path, known, text in db.execute(query):
        yield path, known, zlib.decompress(text).decode("utf-8", "surrogatepass")


def _raw(text: str | None) -> bytes | None:
    """A text as SQLite takes it even where it is no UTF-8: a file name may hold any byte."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def _packed(claims: Sequence[Claim]) -> bytes:
    columns = {name: [getattr(claim, name) for claim in claims] for name in _FIELDS}
    for name in _DECIMALS:
        columns[name] = [None if number is None else str(number) for number in columns[name]]
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode())


def _unpacked(packed: bytes) -> list[Claim]:
    columns: dict[str, list[Any]] = json.loads(zlib.decompress(packed))
    for name in _DECIMALS:
        columns[name] = [None if number is None else Decimal(number) for number in columns[name]]
    return [Claim(*row) for row in zip(*(columns[name] for name in _FIELDS), strict=True)]


# ---- soundness


def faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with a collection: SQLite's own findings, texts that are not what was read, claims missing."""
    found = [f"{row[0]}" for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    query = "SELECT path, digest, count, claims, text FROM documents LEFT JOIN texts ON document = id ORDER BY path"
    for path, digest, count, packed, text in db.execute(query):
        try:
            if hashlib.sha256(zlib.decompress(text)).hexdigest() != digest:
                found.append(f"{path}: its text is not the one that was read")
            if len(_unpacked(packed)) != count:
                found.append(f"{path}: claims are missing")
        except (zlib.error, ValueError, KeyError, TypeError) as error:
            found.append(f"{path}: cannot be read back ({error})")
    return found
