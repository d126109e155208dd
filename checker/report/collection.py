"""What a collection holds, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.report.plain import tidy, visible
from checker.report.text import on_console, table
from checker.report.words import say

_COLUMNS = ("path", "title", "date", "place", "counted")


def documents_table(rows: Iterable[tuple[str, str, str | None, str, int]], lang: str, width: int | None) -> str:
    """Path, title, date, place and number of claims: laid out in so many columns, or bare with tabs between them."""
    cells = [
        [visible(path), tidy(title), day or "", tidy(place), str(count)] for path, title, day, place, count in rows
    ]
    if width is None:
        return "".join("\t".join(row) + "\n" for row in cells)
    titles = [say(lang, name) for name in _COLUMNS]
    return on_console(table([titles, *cells], [1, 1, 0, 0, 0], "<<<<>", width), width, color=False) if cells else ""


def summary_text(held: Mapping[str, str | int], lang: str) -> str:
    """One line for each thing that is known of a collection: its name, a tab, its value."""
    return "".join(f"{say(lang, f'collection.{name}')}\t{visible(str(value))}\n" for name, value in held.items())
