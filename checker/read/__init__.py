"""Files to Documents: decoded, with layout undone, and with title, date and place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.errors import CheckerError, UnreadableDocument
from checker.model import Document, Problem
from checker.read.assemble import Part, assemble, lay_out, written
from checker.read.content import Content
from checker.read.decode import decode, read_bytes
from checker.read.formats import SPREADSHEETS, format_of
from checker.read.formats.refused import refused
from checker.read.manifest import front_matter
from checker.read.metadata import described, said
from checker.read.select import STDIN, Note, Source, Tell, holds_documents, sources, untold

__all__ = [
    "STDIN", "Note", "Raw", "Source", "Tell", "digest", "document_of", "holds_documents", "parse", "read", "read_data",
    "read_file", "sources", "unreadable", "untold",
]  # fmt: skip


def read(
    paths: Sequence[Path], manifest: Path | None = None, exclude: Sequence[str] = (), tell: Tell = untold
) -> tuple[list[Document], list[Problem]]:
    """Every document that can be read, in order of path, and a problem for each that cannot.

    Of documents with one text the first counts. What was passed over is told.
    """
    found, problems = sources(paths, manifest, exclude, tell)
    documents: dict[str, Document] = {}
    for source in found:
        try:
            document = document_of(read_file(source.path), str(source.path), source.known)
        except CheckerError as error:
            problems.append(unreadable(source, error))
            continue
        first = documents.setdefault(document.digest, document)
        if first is not document:
            tell(Note("copy", document.path, names=(first.path,)))
    return list(documents.values()), sorted(problems, key=lambda problem: problem.path)


def unreadable(source: Source, error: CheckerError) -> Problem:
    """The problem that stands for a document that could not be read."""
    return Problem(str(source.path), error.reason if isinstance(error, UnreadableDocument) else str(error))


def digest(text: str) -> str:
    """The name of a text by its content: the SHA-256 of its UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file holds: a text, or what a format that is no text was read as, with the text that stands for it.

    `parts` say where in that text the passages and grids of the content stand.
    """

    text: str
    content: Content | None = None
    format: str = "text"
    parts: tuple[Part, ...] = ()


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
    raw = raw_of(module.read(data), module.__name__.rpartition(".")[2])
    if not raw.text.strip():
        raise ValueError("empty")
    return raw


def raw_of(content: Content, format: str) -> Raw:
    """What a file holds that was read as this content."""
    text, parts = written(content)
    return Raw(text, content, format, tuple(parts))


def parse(text: str, path: str, known: dict[str, Any] | None = None) -> Document:
    """A Document from its text; `known` (from manifests) overrides front matter, that what is inferred."""
    return document_of(Raw(text), path, known)


def document_of(raw: Raw, path: str, known: dict[str, Any] | None = None) -> Document:
    """A Document from what its file holds; `known` as for a text."""
    file: dict[str, Any] = {}
    if raw.content:
        front: dict[str, Any] = {}
        laid = assemble(raw.text, raw.parts)
        file = {field: getattr(raw.content, field) for field in ("title", "date", "publisher")}
        if raw.format in SPREADSHEETS:  # what a table is of often stands nowhere but in the name of its file
            file["title"] = file["title"] or Path(path).stem
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
