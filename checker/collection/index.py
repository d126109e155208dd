"""Reading documents into a collection: only what is new or has changed, on several processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Any, TypeVar

from checker.collection import store
from checker.collection.pool import spread
from checker.errors import CheckerError
from checker.extract import extract
from checker.extract.language import zh
from checker.model import Document, Problem
from checker.read import Raw, Source, Tell, digest, document_of, raw_of, read_file, sources, unreadable, untold
from checker.read.content import dumped, loaded
from checker.vocabulary import Vocabulary

# Fewer documents than this are not worth the start of another process.
FEW = 40

Task = TypeVar("Task")
# Told before the first document and after each: how many are done, and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing did: how many documents it added, replaced, left as they were and removed, and what it could not
    read.
    """

    added: int
    replaced: int
    unchanged: int
    removed: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    """A file to read, with what manifests say of it, and what the collection knows: its digest and what they said."""

    source: Source
    held: tuple[str, str] | None


def index(
    paths: Sequence[Path],
    into: Path,
    manifest: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    prune: bool = False,
    exclude: Sequence[str] = (),
    tell: Tell = untold,
    vocabulary: Vocabulary | None = None,
) -> Indexed:
    """Read files and folders into a collection; unchanged documents are not read again.

    With `prune`, documents of those folders that exist are removed where their files are no more. One that can no
    longer be read stays as it was. All of it is one transaction: interrupted or killed, it leaves the collection as it
    was. Raises BadCollection, and BadData where a manifest is at fault.
    """
    found, problems = sources(paths, manifest, exclude, tell)
    counts = {"added": 0, "replaced": 0, "unchanged": 0, "removed": 0}
    with store.writing(into, new=True) as db:
        if store.read_by_other(db, vocabulary):
            problems += _read_again(db, jobs, progress, vocabulary)
        held = {entry.path: (entry.digest, entry.known) for entry in store.entries(db)}
        if prune:
            there = [path for path in paths if not _is_gone(path)]  # a folder that is itself gone may be not mounted
            counts["removed"] = store.take_out(db, (path for path in under(held, there) if _is_gone(path)))
        tasks = [_Task(source, held.get(str(source.path))) for source in found]
        if progress:
            progress(0, len(tasks))
        with closing(_results(partial(_read, vocabulary), tasks, len(tasks), jobs)) as results:
            for done, (task, result) in enumerate(zip(tasks, results, strict=True), 1):
                if isinstance(result, Problem):
                    problems.append(result)
                elif result is None:
                    counts["unchanged"] += 1
                else:
                    store.put(db, result)
                    counts["replaced" if task.held else "added"] += 1
                if progress:
                    progress(done, len(tasks))
    return Indexed(**counts, problems=tuple(sorted(problems, key=lambda problem: problem.path)))


def reindex(
    collection: Path,
    jobs: int | None = None,
    progress: Progress | None = None,
    vocabulary: Vocabulary | None = None,
) -> Indexed:
    """Read the claims of all documents off their stored texts again, with this version and this vocabulary.

    One of which none can be read stays as it was. Raises BadCollection.
    """
    with store.writing(collection) as db:
        count = len(store.entries(db))
        problems = _read_again(db, jobs, progress, vocabulary)
    return Indexed(0, count - len(problems), 0, 0, tuple(problems))


def under(held: Iterable[str], paths: Iterable[Path]) -> list[str]:
    """Which of these documents are among the files, or in the folders, of these paths."""
    tops = [os.path.abspath(path) for path in paths]
    return [
        path
        for path, full in ((path, os.path.abspath(path)) for path in held)
        if any(full == top or full.startswith(top.rstrip(os.sep) + os.sep) for top in tops)
    ]


def _is_gone(path: str | Path) -> bool:
    """Whether there is no such file, as opposed to one that cannot be looked at just now."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _read_again(
    db: Connection, jobs: int | None, progress: Progress | None, vocabulary: Vocabulary | None
) -> list[Problem]:
    count = len(store.entries(db))
    problems = []
    if progress:
        progress(0, count)
    with closing(_results(partial(_reread, vocabulary), store.texts(db), count, jobs)) as results:
        for done, result in enumerate(results, 1):
            if isinstance(result, Problem):
                problems.append(result)
            else:
                store.put(db, result)
            if progress:
                progress(done, count)
    store.mark_fresh(db, vocabulary)
    return problems


def _results(
    work: Callable[[Task], Any], tasks: Iterable[Task], count: int, jobs: int | None
) -> Generator[Any, None, None]:
    few = count < FEW and jobs is None
    return spread(work, tasks, 1 if few else jobs or os.cpu_count() or 1, _died)


def _died(task: Any) -> Problem:
    path = str(task.source.path) if isinstance(task, _Task) else task[0]
    return Problem(path, "the process that read it was killed, twice")


def _read(vocabulary: Vocabulary | None, task: _Task) -> store.Stored | Problem | None:
    """A document off its file; None where the collection holds it already."""
    try:
        raw = read_file(task.source.path)
        known = _as_json(task.source.known)
        if task.held == (digest(raw.text), known):
            return None
        return _stored(str(task.source.path), known, raw, vocabulary)
    except CheckerError as error:
        return unreadable(task.source, error)
    except Exception as error:  # a mistake of the checker itself: one document is to suffer from it, not all
        return _failed(str(task.source.path), error)


def _reread(vocabulary: Vocabulary | None, held: tuple[str, str, store.Source]) -> store.Stored | Problem:
    path, known, source = held
    try:
        return _stored(path, known, _raw(source), vocabulary)
    except Exception as error:
        return _failed(path, error)


def _failed(path: str, error: Exception) -> Problem:
    return Problem(path, f"could not be read: {type(error).__name__}: {error}")


def _raw(source: store.Source) -> Raw:
    """What a document was read from, as a collection holds it."""
    return raw_of(loaded(source.content), source.format) if source.content else Raw(source.text)


def restored(path: str, known: str, source: store.Source) -> Document:
    """The document that a text or file was read as."""
    return _document(path, known, _raw(source))


def _document(path: str, known: str, raw: Raw) -> Document:
    said = json.loads(known)
    if said.get("date"):
        said["date"] = date.fromisoformat(said["date"])
    return document_of(raw, path, said)


def _stored(path: str, known: str, raw: Raw, vocabulary: Vocabulary | None) -> store.Stored:
    document = _document(path, known, raw)
    claims, rejected = extract(document, zh(vocabulary))
    return store.stored(document, claims, len(rejected), known, dumped(raw.content) if raw.content else "")


def _as_json(known: dict[str, Any]) -> str:
    return json.dumps(known, default=str, ensure_ascii=False, sort_keys=True)
