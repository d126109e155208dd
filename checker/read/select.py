"""Which files are documents: of folders those of the formats that are read, and what manifests say of each."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from os.path import realpath
from pathlib import Path
from typing import Any

from checker.model import Problem
from checker.read.formats import modules
from checker.read.manifest import NAME, read_manifest
from checker.vocabulary import words

TEXTS = (".txt", ".md", ".markdown", ".text")
# Standard input, read as one document of this name.
STDIN = Path("-")
# Files of these endings are no documents, but may be what the checker wrote, and that need not be said.
_OURS = (".json", ".sarif", ".xml", ".db", ".jsonl")
_HEAD = 4096
_IS_MANIFEST = re.compile(rb"^[\"']?documents[\"']?\s*:", re.M)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is to become a document, and what manifests say of it."""

    path: Path
    known: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell a person who chose files: `what` was done, with the names and numbers of it."""

    what: str
    path: str = ""
    names: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


Tell = Callable[[Note], None]


def untold(note: Note) -> None:
    """Where nobody wants to know."""


def sources(
    paths: Sequence[Path], manifest: Path | None = None, exclude: Sequence[str] = (), tell: Tell = untold
) -> tuple[list[Source], list[Problem]]:
    """The files of documents in order of path, each with what manifests say of it; nothing is read yet.

    Manifests beside the documents count, below the folders that are named only such as are ours.
    """
    files, problems = find(paths, exclude, tell)
    named = {realpath(path if path.is_dir() else path.parent) for path in paths}
    known: dict[str, dict[str, Any]] = {}
    for beside in sorted({path.parent / NAME for path in files if path != STDIN}):
        if not beside.is_file():
            continue
        if realpath(beside.parent) in named or _IS_MANIFEST.search(_head(beside, 1_000_000)):
            _join(known, beside, tell)
        else:
            tell(Note("foreign", str(beside)))
    if manifest:
        _join(known, manifest, tell)
    return [Source(path, known.get(realpath(path), {})) for path in files], problems


def _join(known: dict[str, dict[str, Any]], manifest: Path, tell: Tell) -> None:
    """Add what a manifest says; it outranks what is known already."""
    entries = read_manifest(manifest)
    for file, entry in entries.items():
        known[file] = known.get(file, {}) | {key: value for key, value in entry.items() if value}
    folder = realpath(manifest.parent)
    if gone := [os.path.relpath(file, folder) for file in entries if not os.path.lexists(file)]:
        tell(Note("gone", str(manifest), names=tuple(gone)))


def holds_documents(path: Path) -> bool:
    """Whether a path is a folder, or by its ending a document."""
    return path.is_dir() or path.suffix.lower() in _endings()


def _endings() -> set[str]:
    return {*TEXTS, *(ending for module in modules() for ending in module.SUFFIXES)}


def find(paths: Iterable[Path], exclude: Sequence[str] = (), tell: Tell = untold) -> tuple[list[Path], list[Problem]]:
    """The documents among these files and folders, sorted by path; links to folders are not followed.

    A file that is named is one, whatever its ending. Of a folder, files and folders are left out that are hidden, hold
    programs, were written by the checker, or match one of the patterns to exclude.
    """
    found: set[Path] = set()
    problems: list[Problem] = []
    skipped: Counter[str] = Counter()
    for path in paths:
        if path == STDIN:
            found.add(path)
        elif reason := _missing(path):
            problems.append(Problem(str(path), reason))
        elif path.is_dir():
            found.update(_documents(path, exclude, problems, skipped))
        else:
            found.add(path)
    if skipped:
        tell(Note("skipped", counts=dict(sorted(skipped.items(), key=lambda item: (-item[1], item[0])))))
    # One file named in two ways is one document.
    once = {realpath(path): path for path in sorted(found, reverse=True)}
    return sorted(once.values()), problems


def _documents(top: Path, exclude: Sequence[str], problems: list[Problem], skipped: Counter[str]) -> Iterable[Path]:
    """The documents in a folder and in its folders; what is skipped is counted by its ending."""
    endings = _endings()
    settings = words("files")["settings"]

    def unlisted(error: OSError) -> None:
        problems.append(Problem(str(error.filename), error.strerror or str(error)))

    for folder, folders, names in os.walk(top, onerror=unlisted):
        at = Path(folder)
        folders[:] = [name for name in folders if not _is_passed_over(at / name, top, exclude)]
        for name in names:
            file = at / name
            ending = file.suffix.lower()
            if name in settings or name.startswith(".") or _is_excluded(file, top, exclude):
                continue
            if (ending in endings or ending in _OURS) and _is_ours(file):
                continue
            if ending in endings:
                yield file
            elif ending:
                skipped[ending] += 1


def _is_passed_over(folder: Path, top: Path, exclude: Sequence[str]) -> bool:
    """Whether a folder holds no documents: hidden, of programs, a virtual environment, or excluded."""
    return (
        folder.name.startswith(".")
        or folder.name in words("files")["folders"]
        or (folder / "pyvenv.cfg").is_file()
        or _is_excluded(folder, top, exclude)
    )


def _is_excluded(path: Path, top: Path, exclude: Sequence[str]) -> bool:
    """Whether a pattern matches a name, or a path as seen from the folder that is searched or as it was given."""
    if not exclude:
        return False
    seen = (path.name, path.relative_to(top).as_posix(), path.as_posix())
    return any(fnmatchcase(each, pattern.rstrip("/")) for pattern in exclude for each in seen)


def _is_ours(file: Path) -> bool:
    """Whether the checker wrote a file, by how it begins."""
    head = _head(file, _HEAD)
    if head.startswith(b"PK\x03\x04"):
        return file.suffix.lower() == ".xlsx" and _is_our_workbook(file)
    text = head.decode("utf-8", "replace").lstrip("\ufeff")
    known = words("files")
    return text.startswith(tuple(known["written"])) or any(mark in text for mark in known["written_within"])


def _is_our_workbook(file: Path) -> bool:
    """A workbook of ours has the title of a report."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(file) as archive:
            entry = archive.getinfo("docProps/core.xml")
            text = archive.read(entry).decode("utf-8", "replace") if entry.file_size < 100_000 else ""
    except (OSError, BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError):
        return False
    titles = (mark.strip("# \n") for mark in words("files")["written"] if mark.endswith("\n"))
    return any(f"<dc:title>{title}</dc:title>" in text for title in titles)


def _head(file: Path, count: int) -> bytes:
    """The first bytes of a file; none where it cannot be read, or would wait for somebody to write on it."""
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as opened:
            return opened.read(count)
    except OSError:
        return b""


def _missing(path: Path) -> str:
    """Why there is nothing under a path; empty where there is something, be it a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return "no such file or folder"
    except OSError as error:
        return error.strerror or str(error)
    return ""
