"""What a reader makes of a file: passages and grids in reading order, before layout is undone and anything is placed.

A module of checker/read/formats reads one format. It has one function, `read(data: bytes) -> Content`, and raises
ValueError with a reason in plain words where the bytes are damaged, encrypted or no such file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a heading where level is 1 (the highest) or more.

    `text` is as the page prints it: a line feed where it breaks a line, a form feed in front of what stands on the
    next page. A passage of a form feed alone is a page that begins between two paragraphs.
    """

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid, as displayed, and the rows and columns it covers, from 0; `ref` names it in a sheet (C14)."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its cells by rows, those without text left out.

    `heads` counts the rows that the format marks as heads, None where it says nothing. `pages` are the rows in front of
    which a new page begins. `title` is a caption that belongs to it, `sheet` the name of its sheet.
    """

    cells: tuple[GridCell, ...]
    heads: int | None = None
    pages: tuple[int, ...] = ()
    title: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    `title` is what its format says it is called, `date` the day (ISO) on which it says that it was published, and
    `publisher` by whom; `skipped` tells what was left out, and why.
    """

    blocks: tuple[Passage | Grid, ...]
    title: str = ""
    skipped: tuple[str, ...] = ()
    date: str = ""
    publisher: str = ""


def dumped(content: Content) -> str:
    """Content as JSON, for who keeps it."""
    return json.dumps(
        [
            [_row(block) for block in content.blocks],
            *(getattr(content, field.name) for field in fields(Content) if field.name != "blocks"),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _row(block: Passage | Grid) -> list[Any]:
    if isinstance(block, Passage):
        return [block.text, block.level]
    cells = [[getattr(cell, field.name) for field in fields(GridCell)] for cell in block.cells]
    return [cells, *(getattr(block, field.name) for field in fields(Grid) if field.name != "cells")]


def loaded(text: str) -> Content:
    """The Content that `dumped` made this of."""
    blocks, title, skipped, date, publisher = json.loads(text)
    return Content(tuple(map(_block, blocks)), title, tuple(skipped), date, publisher)


def _block(row: list[Any]) -> Passage | Grid:
    if len(row) == 2:
        return Passage(*row)
    cells, heads, pages, title, sheet = row
    return Grid(tuple(GridCell(*cell) for cell in cells), heads, tuple(pages), title, sheet)
