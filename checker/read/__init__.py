"""Files to Documents: decoded, with layout undone, and with title, date and place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os.path import realpath
from pathlib import Path
from typing import Any

from checker.errors import CheckerError, UnreadableDocument
from checker.model import Document, Problem
from checker.read.assemble import assemble, lay_out, written
from checker.read.content import Content
from checker.read.decode import decode, read_bytes
from checker.read.formats import format_of, modules
from checker.read.formats.refused import refused
from checker.read.manifest import NAME, front_matter, read_manifest
from checker.read.metadata import described, said

TEXTS = (".txt", ".md", ".markdown", ".text")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is to become a document, and what manifests say of it."""

    path: Path
    known: dict[str, Any]


def find(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The documents among these files and folders, sorted by path; links to folders are not followed."""
    found: set[Path] = set()
    problems = []
    endings = {*TEXTS, *(ending for module in modules() for ending in module.SUFFIXES)}

    def unlisted(error: OSError) -> None:
        problems.append(Problem(str(error.filename), error.strerror or str(error)))

    for path in paths:
        if reason := _missing(path):
            problems.append(Problem(str(path), reason))
        elif path.is_dir():
            files = (Path(folder, name) for folder, _, names in os.walk(path, onerror=unlisted) for name in names)
            found.update(file for file in files if file.suffix.lower() in endings)
        else:
            found.add(path)
    # One file named in two ways is one document.
    once = {realpath(path): path for path in sorted(found, reverse=True)}
    return sorted(once.values()), problems


def _missing(path: Path) -> str:
    """Why there is nothing under a path; empty where there is something, be it a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return "no such file or folder"
    except OSError as error:
        return error.strerror or str(error)
    return ""


def read(paths: Sequence[Path], manifest: Path | None = None) -> tuple[list[Document], list[Problem]]:
    """Every document that can be read, in order of path, and a problem for each that cannot."""
    found, problems = sources(paths, manifest)
    documents = []
    for source in found:
        try:
            documents.append(document_of(read_file(source.path), str(source.path), source.known))
        except CheckerError as error:
            problems.append(unreadable(source, error))
    return documents, sorted(problems, key=lambda problem: problem.path)


def unreadable(source: Source, error: CheckerError) -> Problem:
    """The problem that stands for a document that could not be read."""
    return Problem(str(source.path), error.reason if isinstance(error, UnreadableDocument) else str(error))


def sources(paths: Sequence[Path], manifest: Path | None = None) -> tuple[list[Source], list[Problem]]:
    """The files of documents in order of path, each with what manifests say of it; nothing is read yet."""
    files, problems = find(paths)
    known: dict[str, dict[str, Any]] = {}
    folders = {path.parent for path in files}
    for source in [
        *sorted(folder / NAME for folder in folders if (folder / NAME).is_file()),
        *([manifest] if manifest else []),
    ]:
        for file, entry in read_manifest(source).items():
            known[file] = known.get(file, {}) | {key: value for key, value in entry.items() if value}
    return [Source(path, known.get(realpath(path), {})) for path in files], problems


def digest(text: str) -> str:
    """The name of a text by its content: the SHA-256 of its UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file holds: a text, or what a format that is no text was read as, with the text that stands for it."""

    text: str
    content: Content | None = None
    format: str = "text"


def read_file(path: Path) -> Raw:
    """What a file holds, by what its bytes are first and by its ending second. Raises UnreadableDocument."""
    data = read_bytes(path)
    try:
        return read_data(data, path.suffix.lower())
    except ValueError as error:
        raise UnreadableDocument(str(error), str(path)) from error


def read_data(data: bytes, suffix: str) -> Raw:
    """What bytes hold; ValueError says why they hold nothing that can be read."""
    if reason := refused(data):
        raise ValueError(reason)
    module = format_of(data, suffix)
    if module is None:
        return Raw(decode(data))
    content = module.read(data)
    text = written(content)[0]
    if not text.strip():
        raise ValueError("empty")
    return Raw(text, content, module.__name__.rpartition(".")[2])


def parse(text: str, path: str, known: dict[str, Any] | None = None) -> Document:
    """A Document from its text; `known` (from manifests) overrides front matter, that what is inferred."""
    return document_of(Raw(text), path, known)


def document_of(raw: Raw, path: str, known: dict[str, Any] | None = None) -> Document:
    """A Document from what its file holds; `known` as for a text."""
    file: dict[str, Any] = {}
    if raw.content:
        front: dict[str, Any] = {}
        laid = assemble(raw.content)
        file = {field: getattr(raw.content, field) for field in ("title", "date", "publisher")}
    else:
        front, start = front_matter(raw.text, path)
        laid = lay_out(raw.text, start)
    return Document(
        path=path,
        text=raw.text,
        flat=laid.flat,
        offsets=laid.offsets,
        digest=digest(raw.text),
        blocks=laid.blocks,
        format=raw.format,
        **described(raw.text, laid, said(front, known or {}), file),
    )
