"""What documents say of themselves: for a terminal, as JSON or CSV, and as a manifest to correct by hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from checker.model import Document, Origin
from checker.report.csv import sheet
from checker.report.json import encode
from checker.report.plain import tidy, visible
from checker.report.rows import Cell, Table
from checker.report.text import NARROWEST, on_console, table
from checker.report.words import label, say
from checker.wording import period

# What makes a document doubtful, with how much each weighs that is unknown; one that is inferred weighs 1.
_WEIGHTS = {"place": 4, "date": 3, "period": 3, "kind": 2, "title": 2}
# What is not said of every document: no publisher is no doubt, nor is no company where there is a place.
_OPTIONAL = ("publisher", "organisation")


def doubtful_first(documents: Sequence[Document]) -> list[Document]:
    """The documents of which least is known for sure first, then by path."""
    return sorted(documents, key=lambda document: (-_doubt(document), document.path))


def _doubt(document: Document) -> int:
    sure = {origin.field: origin.sure for origin in document.origins}
    if document.organisation:
        sure.pop("place", None)
    unknown = sum(weight for field, weight in _WEIGHTS.items() if sure.get(field) == "unknown")
    return unknown + sum(sure.get(field) == "inferred" for field in _WEIGHTS)


def value(document: Document, field: str, lang: str) -> str:
    """What a document says of one field, as people read it; empty where that is open."""
    if field == "date":
        return document.date.isoformat() if document.date else ""
    if field == "period":
        return period(document.period_start, document.period_end, lang) if document.period_start else ""
    text = str(getattr(document, field))
    return label(lang, "doc_kind", text) if field == "kind" and text else tidy(text)


def _shown(document: Document) -> list[Origin]:
    """The fields worth a line: all but those that need not be known and are not."""
    other = {"place": document.organisation, "organisation": "", "publisher": ""}
    return [
        origin
        for origin in document.origins
        if origin.sure != "unknown" or (origin.field not in _OPTIONAL and not other.get(origin.field))
    ]


def as_text(documents: Sequence[Document], lang: str, width: int, color: bool) -> str:
    """A block for each document: its path, and a line for each field with how sure it is and where it was read."""
    width = max(width, NARROWEST)
    lines: list[Text | str] = []
    for document in doubtful_first(documents):
        rows = [[say(lang, "documents.field"), say(lang, "documents.value"), *_heads(lang)]]
        for origin in _shown(document):
            name = say(lang, f"documents.{origin.field}")
            rows.append([name, value(document, origin.field, lang), *_evidence(origin, lang)])
        lines += [Text(visible(document.path), "bold"), *table(rows, [0, 1, 0, 0], "<<<<", width), ""]
    return on_console(lines, width, color)


def _heads(lang: str) -> list[str]:
    return [say(lang, "documents.sure"), say(lang, "documents.where")]


def _evidence(origin: Origin, lang: str) -> list[str]:
    where = label(lang, "how", origin.how) if origin.how else ""
    at = say(lang, "line", line=origin.line) if origin.line else ""
    return [label(lang, "sure", origin.sure), say(lang, "documents.at", where=where, line=at) if at else where]


def as_json(documents: Sequence[Document]) -> str:
    """One JSON array, an object a document and a line."""
    rows = [encode(_object(document)) for document in doubtful_first(documents)]
    return "[\n" + ",\n".join(f"  {row}" for row in rows) + "\n]\n"


def _object(document: Document) -> dict[str, Any]:
    plain = ("path", "title", "place", "publisher", "organisation", "kind", "period_start", "period_end")
    return {
        **{name: getattr(document, name) for name in plain},
        "date": document.date.isoformat() if document.date else None,
        "origins": [
            {name: getattr(origin, name) for name in ("field", "sure", "how", "text", "line")}
            for origin in document.origins
        ],
    }


def as_csv(documents: Sequence[Document], lang: str) -> bytes:
    """A row a document, with how sure each field is beside it."""
    fields = [origin.field for origin in documents[0].origins] if documents else []
    head: list[Cell] = [say(lang, "path")]
    for field in fields:
        head += [say(lang, f"documents.{field}"), say(lang, "documents.sure"), say(lang, "documents.where")]
    rows: Table = [head]
    for document in doubtful_first(documents):
        row: list[Cell] = [visible(document.path)]
        for origin in document.origins:
            row += [value(document, origin.field, lang), *_evidence(origin, lang)]
        rows.append(row)
    return sheet(rows)


def as_manifest(documents: Sequence[Document], folder: Path, lang: str) -> str:
    """A manifest with all that is known, to be corrected by hand; what is guessed says so, what is unknown is named."""
    lines = [f"# {say(lang, 'documents.manifest')}", "documents:"]
    for document in doubtful_first(documents):
        path = os.path.relpath(os.path.realpath(document.path), os.path.realpath(folder))
        lines.append(f"  {encode(path)}:")
        lines += [f"    {_entry(document, origin, lang)}" for origin in _shown(document)]
        if document.note:
            lines.append(f"    note: {encode(document.note)}")
        if not any(origin.sure != "unknown" for origin in document.origins) and not document.note:
            lines[-len(_shown(document)) - 1] += " {}"
    return "\n".join(lines) + ("\n" if documents else " {}\n")


def _entry(document: Document, origin: Origin, lang: str) -> str:
    if origin.sure == "unknown":
        return f"# {origin.field}:  # {label(lang, 'sure', 'unknown')}"
    said = {
        "date": document.date.isoformat() if document.date else "",
        "period": f"{document.period_start}/{document.period_end}",
    }.get(origin.field) or encode(getattr(document, origin.field))
    guess = say(lang, "documents.guessed", how=label(lang, "how", origin.how)) if origin.sure == "inferred" else ""
    return f"{origin.field}: {said}" + (f"  # {guess}" if guess else "")
