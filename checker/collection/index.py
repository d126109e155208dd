"""Reading documents into a collection: only what is new or has changed, on several processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from checker.collection import store
from checker.collection.pool import spread
from checker.errors import CheckerError
from checker.extract import extract
from checker.model import Problem
from checker.read import Source, digest, parse, read_text, sources, unreadable

# Fewer documents than this are not worth the start of another process.
FEW = 40

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing did: how many documents it added, replaced and left as they were, and which it could not read."""

    added: int
    replaced: int
    unchanged: int
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
) -> Indexed:
    """Read files and folders into a collection; unchanged documents are not read again.

    All of it is one transaction: interrupted or killed, it leaves the collection as it was. Raises BadCollection, and
    BadData where a manifest is at fault.
    """
    found, problems = sources(paths, manifest)
    counts = {"added": 0, "replaced": 0, "unchanged": 0}
    with store.writing(into) as db:
        if store.is_stale(db):
            _read_again(db, jobs, None)
        held = {entry.path: (entry.digest, entry.known) for entry in store.entries(db)}
        tasks = [_Task(source, held.get(str(source.path))) for source in found]
        for done, (task, result) in enumerate(zip(tasks, _results(_read, tasks, jobs), strict=True), 1):
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


def reindex(collection: Path, jobs: int | None = None, progress: Progress | None = None) -> int:
    """Read the claims of all documents off their stored texts again, with this version's vocabulary; how many.

    A collection that grew document by document is then the same as one made at once. Raises BadCollection.
    """
    with store.writing(collection) as db:
        return _read_again(db, jobs, progress)


def _read_again(db: Any, jobs: int | None, progress: Progress | None) -> int:
    texts = list(store.texts(db))
    for done, result in enumerate(_results(_reread, texts, jobs), 1):
        if isinstance(result, store.Stored):
            store.put(db, result)
        if progress:
            progress(done, len(texts))
    store.mark_fresh(db)
    return len(texts)


def _results(work: Callable[[Any], Any], tasks: Sequence[Any], jobs: int | None) -> Any:
    few = len(tasks) < FEW and jobs is None
    return spread(work, tasks, 1 if few else jobs or os.cpu_count() or 1, _died)


def _died(task: _Task | tuple[str, str, str]) -> Problem:
    path = str(task.source.path) if isinstance(task, _Task) else task[0]
    return Problem(path, "the process that read it was killed, twice")


def _read(task: _Task) -> store.Stored | Problem | None:
    """A document off its file; None where the collection holds it already."""
    try:
        text = read_text(task.source.path)
        known = _as_json(task.source.known)
        if task.held == (digest(text), known):
            return None
        return _stored(str(task.source.path), known, text)
    except CheckerError as error:
        return unreadable(task.source, error)


def _reread(held: tuple[str, str, str]) -> store.Stored:
    path, known, text = held
    return _stored(path, known, text)


def _stored(path: str, known: str, text: str) -> store.Stored:
    said = json.loads(known)
    if said.get("date"):
        said["date"] = date.fromisoformat(said["date"])
    document = parse(text, path, said)
    claims, rejected = extract(document)
    return store.stored(document, claims, len(rejected), known)


def _as_json(known: dict[str, Any]) -> str:
    return json.dumps(known, default=str, ensure_ascii=False, sort_keys=True)
