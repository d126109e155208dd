"""The file of a collection: an SQLite database of documents, their texts and their claims.

Every change is one transaction, so that a process killed at any moment leaves the file as it was before or as it is
after; SQLite finishes or undoes what a killed one began when the file is next opened. Claims are stored a document at a
time, by column, because they are asked for a document at a time; texts are kept apart, for whoever shows or reads them
again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from checker import __version__, sqlitefile
from checker.errors import BadCollection
from checker.model import Anchor, Claim, Document, How, OffsetMap, claim_of, field_names
from checker.sqlitefile import Kind
from checker.vocabulary import Vocabulary, rules_dir

FORMAT = 4

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
  about TEXT NOT NULL,
  count INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  claims BLOB NOT NULL
);
CREATE TABLE places (
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  place TEXT NOT NULL
);
CREATE INDEX places_place ON places (place);
CREATE INDEX places_document ON places (document);
CREATE TABLE texts (
  document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
  text BLOB NOT NULL,
  format TEXT NOT NULL,
  content BLOB
);
"""
_FIELDS, _ANCHOR = field_names(Claim), field_names(Anchor)
_DECIMALS = ("value", "low", "high", "step", "scale")
_TEXTS = ("path", "digest", "known", "title", "date", "place", "note", "about")
# What a document says of itself beside title, date and place.
_ABOUT = ("kind", "publisher", "organisation", "period_start", "period_end", "format")


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as a collection holds it; `known` and `about`, what manifests and it itself say, are JSON.

    `places` are those that it and its claims speak of. `text` is compressed, and so is
    `content`: what a file that is no text was read as, None for a text.
    """

    path: str
    digest: str
    known: str
    title: str
    date: str | None
    place: str
    note: str
    about: str
    places: tuple[str, ...]
    count: int
    rejected: int
    claims: bytes
    text: bytes
    format: str
    content: bytes | None


class Source(NamedTuple):
    """What a document was read from: its text, its format, and what a file that is no text was read as (or nothing)."""

    text: str
    format: str
    content: str


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


def stored(document: Document, claims: Sequence[Claim], rejected: int, known: str, content: str = "") -> Stored:
    """A document ready to be put into a collection; `content` is what a file that is no text was read as."""
    return Stored(
        path=document.path,
        digest=document.digest,
        known=known,
        title=document.title,
        date=document.date.isoformat() if document.date else None,
        place=document.place,
        note=document.note,
        about=json.dumps({name: getattr(document, name) for name in _ABOUT}, ensure_ascii=False),
        places=tuple(sorted({document.place, *(claim.place for claim in claims)})),
        count=len(claims),
        rejected=rejected,
        claims=_packed(claims),
        text=_compressed(document.text),
        format=document.format,
        content=_compressed(content) if content else None,
    )


def made_with(vocabulary: Vocabulary | None = None) -> str:
    """This version with its code and vocabulary that read claims, and what a project adds: others may read others."""
    return " ".join(filter(None, [_version(), vocabulary.fingerprint if vocabulary else ""]))


@cache
def _version() -> str:
    code = Path(__file__).parents[1]
    files = [*(rules_dir() / "vocabulary").glob("*.*"), *code.glob("read/**/*.py"), *code.glob("extract/**/*.py")]
    content = hashlib.sha256()
    for path in sorted(files):
        content.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{__version__} {content.hexdigest()[:16]}"


# ---- opening


def _set_up(db: sqlite3.Connection) -> None:
    for statement in filter(str.strip, _TABLES.split(";")):
        db.execute(statement)
    mark_fresh(db, None)


_KIND = Kind("collection", 0x63686B72, FORMAT, BadCollection, _set_up, "WAL")  # "chkr"
reading, writing = partial(sqlitefile.reading, _KIND), partial(sqlitefile.writing, _KIND)


# ---- what it holds


def entries(db: sqlite3.Connection) -> list[Entry]:
    """The documents of a collection, in order of path."""
    rows = db.execute("SELECT path, digest, known, title, date, place, count FROM documents")
    return sorted((Entry(*row) for row in rows), key=lambda entry: str(entry.path))  # a damaged path may be no text


def read_by_other(db: sqlite3.Connection, vocabulary: Vocabulary | None) -> str:
    """What else read the claims off the texts, another version or another vocabulary; empty where none did."""
    found = _made_with(db)
    if found == made_with(vocabulary):
        return ""
    return "vocabulary" if found.split()[:2] == _version().split() else "version of checker"


def _made_with(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = 'made_with'").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("it does not say which version made it")
    return str(row[0])


def size(db: sqlite3.Connection) -> int:
    """How many documents a collection holds; without a look at what they hold."""
    return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])


def summary(db: sqlite3.Connection) -> dict[str, Any]:
    """How much a collection holds, by name; which version of checker read its claims, and from when they are."""
    query = "SELECT count(*), total(count), count(DISTINCT nullif(place, '')), min(date), max(date) FROM documents"
    documents, claims, places, first, last = db.execute(query).fetchone()
    years = sorted({day[:4] for day in (first, last) if day})
    return {
        "format": FORMAT,
        "version": _made_with(db).split()[0],
        "documents": documents,
        "claims": int(claims),
        "places": places,
        "years": "–".join(years),
    }


def mark_fresh(db: sqlite3.Connection, vocabulary: Vocabulary | None) -> None:
    """Note that this version and this vocabulary read off all claims."""
    db.execute("INSERT OR REPLACE INTO meta VALUES ('made_with', ?)", (made_with(vocabulary),))


def put(db: sqlite3.Connection, document: Stored) -> None:
    """Add a document, or replace the one with its path."""
    take_out(db, [document.path])
    texts = [_raw(getattr(document, name)) for name in _TEXTS]
    cursor = db.execute(
        f"INSERT INTO documents ({', '.join(_TEXTS)}, count, rejected, claims) "
        f"VALUES ({', '.join(['CAST(? AS TEXT)'] * len(_TEXTS))}, ?, ?, ?)",
        (*texts, document.count, document.rejected, document.claims),
    )
    spoken = [(cursor.lastrowid, _raw(place)) for place in document.places]
    db.executemany("INSERT INTO places VALUES (?, CAST(? AS TEXT))", spoken)
    row = (cursor.lastrowid, document.text, document.format, document.content)
    db.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", row)


def take_out(db: sqlite3.Connection, paths: Iterable[str]) -> int:
    """Remove documents; how many there were."""
    removed = 0
    for path in paths:
        removed += db.execute("DELETE FROM documents WHERE path = CAST(? AS TEXT)", (_raw(path),)).rowcount
    return removed


def load(db: sqlite3.Connection, places: Iterable[str] | None = None) -> tuple[list[Document], list[Claim]]:
    """Documents (without their text) and their claims, those that speak of some places or all, in order of path."""
    columns = "SELECT path, digest, title, date, place, note, about, claims FROM documents"
    if places is None:
        rows = db.execute(columns).fetchall()
    else:
        speaking = f"{columns} WHERE id IN (SELECT document FROM places WHERE place = CAST(? AS TEXT))"
        found = (row for place in sorted(set(places)) for row in db.execute(speaking, (_raw(place),)))
        rows = list({row[0]: row for row in found}.values())
    documents, claims = [], []
    for path, digest, title, day, place, note, about, packed in sorted(rows, key=lambda row: str(row[0])):
        with _read_back(path):
            when = date.fromisoformat(day) if day else None
            said = json.loads(about)
            documents.append(Document(path, "", "", OffsetMap((), ()), title, when, place, digest, note, **said))
            claims += _unpacked(packed)
    return documents, claims


def texts(db: sqlite3.Connection, paths: Iterable[str] | None = None) -> Iterator[tuple[str, str, Source]]:
    """Path, what was known of it, and source of some documents, or of all; documents may be put while this runs."""
    every = (path for (path,) in db.execute("SELECT path FROM documents").fetchall())
    for path in sorted(every if paths is None else set(paths), key=str):
        query = (
            "SELECT known, text, format, content FROM documents JOIN texts ON document = id "
            "WHERE path = CAST(? AS TEXT)"
        )
        row = db.execute(query, (_raw(path),)).fetchone()
        with _read_back(path):
            known, text, format, content = row
            source = Source(_decompressed(text), format, _decompressed(content) if content else "")
        yield path, known, source


@contextmanager
def _read_back(path: str) -> Iterator[None]:
    try:
        yield
    except (zlib.error, ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise sqlite3.DatabaseError(f"{path} does not read back") from error


def _compressed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _decompressed(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")


def _raw(text: str | None) -> bytes | None:
    """A text as SQLite takes it even where it is no UTF-8: a file name may hold any byte."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def _packed(claims: Sequence[Claim]) -> bytes:
    columns = {name: [getattr(claim, name) for claim in claims] for name in _FIELDS}
    for name in _DECIMALS:
        columns[name] = [None if number is None else str(number) for number in columns[name]]
    columns["anchor"] = [[getattr(anchor, name) for name in _ANCHOR] for anchor in columns["anchor"]]
    columns["how"] = [[[how.slot, how.how, how.text] for how in hows] for hows in columns["how"]]
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode())


def _unpacked(packed: bytes) -> list[Claim]:
    columns: dict[str, list[Any]] = json.loads(zlib.decompress(packed))
    for name in _DECIMALS:
        columns[name] = [None if number is None else Decimal(number) for number in columns[name]]
    columns["anchor"] = [Anchor(*row) for row in columns["anchor"]]
    columns["how"] = [tuple(How(*how) for how in hows) for hows in columns["how"]]
    columns["passed"] = [tuple(names) for names in columns["passed"]]
    rows = zip(*(columns[name] for name in _FIELDS), strict=True)
    return [claim_of(**dict(zip(_FIELDS, row, strict=True))) for row in rows]


# ---- soundness


def faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with a collection: SQLite's own findings, texts that are not what was read, claims missing."""
    found = [f"{row[0]}" for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    query = "SELECT path, digest, count, claims, text FROM documents LEFT JOIN texts ON document = id ORDER BY path"
    for path, digest, count, packed, text in db.execute(query):
        try:
            with _read_back(path):
                if hashlib.sha256(zlib.decompress(text)).hexdigest() != digest:
                    found.append(f"{path}: its text is not the one that was read")
                if len(_unpacked(packed)) != count:
                    found.append(f"{path}: claims are missing")
        except sqlite3.DatabaseError as error:
            found.append(str(error))
    return found
