"""A collection remembers what documents state, so that a new one is checked without reading them again.

index(paths, into) -> Indexed                 read documents into a collection
reindex(collection) -> int                    read their claims again, off the stored texts
remove(collection, paths) -> int              take documents out
load(collection, places) -> (documents, claims)
entries(collection) -> [Entry]                what it holds
verify(collection) -> [str]                   what is wrong with it
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checker.collection import store
from checker.collection.index import Indexed, index, reindex
from checker.collection.store import Entry
from checker.model import Claim, Document

__all__ = ["Entry", "Indexed", "entries", "index", "load", "reindex", "remove", "verify"]


def entries(collection: Path) -> list[Entry]:
    """The documents of a collection, in order of path. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.entries(db)


def load(collection: Path, places: Iterable[str] | None = None) -> tuple[list[Document], list[Claim]]:
    """The documents (without their text) and claims of some places, or of all. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.load(db, places)


def remove(collection: Path, paths: Iterable[str]) -> int:
    """Take documents out; how many there were. Raises BadCollection."""
    with store.reading(collection), store.writing(collection) as db:
        return store.take_out(db, paths)


def verify(collection: Path) -> list[str]:
    """What is wrong with a collection, a line each; nothing where it is sound. Raises BadCollection."""
    with store.reading(collection) as db:
        return store.faults(db)
