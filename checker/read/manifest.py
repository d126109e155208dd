"""What people say of their documents: a manifest.yaml beside them, or front matter on top of one."""

from __future__ import annotations

import re
from os.path import realpath
from pathlib import Path
from typing import Any

from checker.errors import BadData
from checker.read.metadata import parse_date, parse_period
from checker.yamlfile import bad, load, load_text

NAME = "manifest.yaml"
FIELDS = ("title", "date", "place", "publisher", "organisation", "kind", "period", "note")
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n|\Z)", re.S)
_SCHEMA = Path(__file__).parent / "manifest.schema.json"
_FRONT_SCHEMA = Path(__file__).parent / "front_matter.schema.json"


def read_manifest(path: Path) -> dict[str, dict[str, Any]]:
    """What is said of documents, title, date and place among it, by the real path of each.

    Raises BadData with the line at fault.
    """
    data = load(path, _SCHEMA)
    entries = {}
    for name, entry in data["documents"].items():
        entries[realpath(path.parent / name)] = _dated(entry, path, ("documents", name)) | {
            "note": entry.get("note", data.get("note", ""))
        }
    return entries


def front_matter(text: str, path: str) -> tuple[dict[str, Any], int]:
    """What the front matter of a text says, and where the text itself begins; nothing and 0 where it has none."""
    m = _FRONT_MATTER.match(text)
    if not m:
        return {}, 0
    return _dated(load_text(m[1], path, _FRONT_SCHEMA, first_line=2), Path(path)), m.end()


def _dated(entry: dict[str, Any], path: Path, where: tuple[str, ...] = ()) -> dict[str, Any]:
    """An entry with its date and period as such; a period goes by its first and last day."""
    read = {"date": parse_date, "period": parse_period}
    said: dict[str, Any] = {key: str(value) for key, value in entry.items() if key in FIELDS}
    for key in read.keys() & said.keys():
        try:
            said[key] = read[key](said[key])
        except (ValueError, IndexError, OverflowError):
            reason = f"not a {key}: {said[key]}"
            raise (bad(path, (*where, key), reason) if where else BadData(reason, str(path))) from None
    return said
