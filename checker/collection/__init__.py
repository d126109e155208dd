"""A collection remembers what documents state, so that a new one is checked without reading them again.

index(paths, into) -> Indexed              read documents into a collection
reindex(collection) -> Indexed             read their claims again, off the stored texts
remove(collection, paths) -> [[path]]      take documents out
load(collection, places) -> (documents, claims)
with_texts(collection, paths) -> [Document]
entries(collection) -> [Entry]             what it holds
size(collection) -> int                    how many documents it holds
summary(collection) -> {name: value}       how much it holds
verify(collection) -> [str]                what is wrong with it
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from checker.collection import store
from checker.collection.index import Indexed, index, reindex, restored, under
from checker.collection.store import Entry
from checker.errors import BadCollection
from checker.model import Claim, Document
from checker.vocabulary import Vocabulary

__all__ = [
    "Entry",
    "Indexed",
    "entries",
    "index",
    "load",
    "reindex",
    "remove",
    "size",
    "summary",
    "verify",
    "with_texts",
]


def entries(collection: Path) -> list[Entry]:
    """The documents of a collection, in order of path. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.entries(db)


def summary(collection: Path) -> dict[str, Any]:
    """Format, version, and how many documents, claims, places and years a collection holds. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.summary(db)


def size(collection: Path) -> int:
    """How many documents a collection holds. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.size(db)


def load(
    collection: Path, places: Iterable[str] | None = None, vocabulary: Vocabulary | None = None
) -> tuple[list[Document], list[Claim]]:
    """The documents (without their text) and claims of some places, or of all.

    Raises BadCollection, also where another version of checker, or another vocabulary, read the claims, which may have
    read them otherwise.
    """
    with store.reading(collection) as db:
        if other := store.read_by_other(db, vocabulary):
            reason = f"another {other} read its claims; `checker collection reindex` reads them again"
            raise BadCollection(reason, str(collection))
        return store.load(db, places)


def with_texts(collection: Path, paths: Iterable[str]) -> list[Document]:
    """Some documents as they were read, in order of path. Raises BadCollection."""
    with store.reading(collection) as db:
        return [restored(*held) for held in store.texts(db, paths)]


def remove(collection: Path, paths: Sequence[Path]) -> list[list[str]]:
    """Take out documents, or all those of a folder; which ones, for each of the paths. Raises BadCollection."""
    with store.writing(collection) as db:
        held = [entry.path for entry in store.entries(db)]
        removed = [under(held, [path]) for path in paths]
        store.take_out(db, (path for found in removed for path in found))
    return removed


def verify(collection: Path) -> list[str]:
    """What is wrong with a collection, a line each; nothing where it is sound. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.faults(db)
