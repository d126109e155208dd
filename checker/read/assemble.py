"""Blocks and a flat text from what a file holds, with the way back to the source.

Nothing is rewritten: the flat text is made of runs copied from the source, and of marks that part paragraphs and cells.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from checker.model import Block, Cell, Heading, OffsetMap, Paragraph, Table
from checker.read.content import Content, Grid, GridCell, Passage
from checker.read.headings import heading_level
from checker.read.layout import Line, lines_of, paragraphs
from checker.read.pasted import pasted_tables
from checker.read.tables import (
    Placed,
    PlacedTable,
    is_note,
    is_number_of_table,
    is_title,
    noted,
    structured,
    unit_note,
    without_unit_note,
)
from checker.vocabulary import words

# Between the cells of a row, in the text that is made of a file and in the flat text.
BETWEEN = " | "
MARK = "|"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A line above a table belongs to it when it is no longer than this, and no more than so many lines stand between.
_LONGEST_TITLE = 60
_LINES_ABOVE = 4
_LINES_BELOW = 3


# Start, end and level of a passage in the text that stands for a file, or a grid with its cells placed there.
Part = PlacedTable | tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Laid:
    """The flat text, the map back to the source, and the blocks."""

    flat: str
    offsets: OffsetMap
    blocks: tuple[Block, ...]


def lay_out(text: str, start: int = 0) -> Laid:
    """The blocks of a text, from an offset on."""
    builder = _Builder(text)
    builder.lines(lines_of(text, start), {})
    return builder.done()


def assemble(text: str, parts: Sequence[Part]) -> Laid:
    """The blocks of a file that is no text, of the text that stands for it and its parts."""
    builder = _Builder(text)
    lines: list[Line] = []
    levels: dict[int, int] = {}
    for number, part in enumerate(parts):
        if isinstance(part, PlacedTable):
            builder.lines(lines, levels)
            lines = []
            builder.grid(part)
        else:
            start, end, level = part
            lines += lines_of(text, start, end, number)
            levels[number] = level
    builder.lines(lines, levels)
    return builder.done()


def written(content: Content) -> tuple[str, list[Part]]:
    """The text that stands for a file, a line a paragraph and a line a row, and its parts in it."""
    pieces: list[str] = []
    length = 0
    parts: list[Part] = []

    def write(piece: str) -> int:
        nonlocal length
        pieces.append(piece)
        length += len(piece)
        return length

    for block in content.blocks:
        start = length
        if isinstance(block, Passage):
            end = write(block.text)
            if block.text.strip():
                parts.append((start, end, block.level))
            write("\n")
            continue
        if block.title:
            parts.append((start, write(block.title), 0))
            write("\n")
        placed = []
        for row, cells in _by_row(block):
            if row in block.pages:
                write("\f")
            for i, cell in enumerate(cells):
                if i:
                    write(BETWEEN)
                start, words = length, " ".join(cell.text.split("\n"))
                end = write(words)
                placed.append(Placed(words, [(start, end)], cell.row, cell.column, cell.rows, cell.columns, cell.ref))
            write("\n")
        parts.append(PlacedTable(placed, block.heads, block.sheet))
    return "".join(pieces), parts


def _by_row(grid: Grid) -> Iterator[tuple[int, list[GridCell]]]:
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    for row in sorted(rows):
        yield row, sorted(rows[row], key=lambda cell: cell.column)


@dataclass(slots=True)
class _Builder:
    """Writes the flat text and its blocks."""

    text: str
    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    tables: int = 0

    def lines(self, lines: Sequence[Line], levels: dict[int, int]) -> None:
        """Running text: the tables that somebody pasted into it, and paragraphs."""
        at = 0
        for table in pasted_tables(self.text, lines):
            self._paragraphs(lines[at : table.first], levels)
            self.grid(table.table)
            at = table.last
        self._paragraphs(lines[at:], levels)

    def _paragraphs(self, lines: Sequence[Line], levels: dict[int, int]) -> None:
        for group in paragraphs(lines):
            start = self.length
            self._copy(run for line in group for run in line.runs)
            level = levels.get(group[0].passage, 0)
            self._block(start, level, self.text[group[0].start : group[0].start + 8])
            self._mark("\n", group[-1].end)

    def _block(self, start: int, level: int, opening: str) -> None:
        level = heading_level(self._flat(start, self.length), opening) or level
        self.blocks.append(Heading(start, self.length, level) if level else Paragraph(start, self.length))

    def grid(self, grid: PlacedTable) -> None:
        """A table, the titles and notes that fill rows of it as paragraphs."""
        for part in structured(grid):
            if isinstance(part, Placed):
                start = self.length
                self._copy(part.runs)
                self._block(start, 0, part.text[:8])
                self._mark("\n", part.runs[-1][1])
            else:
                self._table(part)

    def _table(self, table: PlacedTable) -> None:
        title, unit = self._above(table)
        start = self.length
        first = table.cells[0].row
        cells: list[Cell] = []
        last: Placed | None = None
        for cell in table.cells:
            if last and cell.runs:
                self._mark("\n" if cell.row != last.row else MARK, last.runs[-1][1])
            begin = self.length
            self._copy(cell.runs)
            row = cell.row - first
            cells.append(Cell(begin, self.length, cell.text, row, cell.column, cell.rows, cell.columns, cell.ref))
            last = cell if cell.runs else last
        if last is None:
            return
        self.tables += 1
        self.blocks.append(
            Table(start, self.length, self.tables, tuple(cells), table.heads or 0, title, unit, (), table.sheet)
        )
        self._mark("\n", last.runs[-1][1])

    def _above(self, table: PlacedTable) -> tuple[str, str]:
        """Title and unit of a table, from the lines above it; of a table that goes on, those of its beginning."""
        title = unit = nearest = other = ""
        for block in reversed(self.blocks[-_LINES_ABOVE:]):
            if isinstance(block, Table):
                if block is self.blocks[-1] and _width(block.cells) == _width(table.cells):
                    return block.title, block.unit
                break
            line = self._flat(block.start, block.end)
            unit = unit or unit_note(line[-_LONGEST_TITLE:])
            other = other or noted(line[-_LONGEST_TITLE:])  # a project may know it
            if len(line) > _LONGEST_TITLE or is_note(line):
                break
            line = without_unit_note(line)
            if is_title(line) and not is_number_of_table(line):
                title = title or line
            elif line and not nearest:
                nearest = line
        return title or nearest or _dated(table.sheet), unit or other

    def _copy(self, runs: Iterable[tuple[int, int]]) -> None:
        for start, end in runs:
            self.pieces.append(self.text[start:end])
            self.starts.append(self.length)
            self.sources.append(start)
            self.length += end - start

    def _mark(self, mark: str, source: int) -> None:
        """A character that is layout; past the end of a text it is still one character wide."""
        self.pieces.append(mark)
        self.starts.append(self.length)
        self.sources.append(source)
        self.length += 1

    def _flat(self, start: int, end: int) -> str:
        i = bisect_right(self.starts, start) - 1
        j = bisect_left(self.starts, end)
        return "".join(self.pieces[i:j])

    def done(self) -> Laid:
        if not self.starts:
            return Laid("", OffsetMap((0,), (0,)), ())
        return Laid("".join(self.pieces), OffsetMap(tuple(self.starts), tuple(self.sources)), tuple(self.blocks))


def _dated(sheet: str) -> str:
    """The name of a sheet where it says a year: the title of a table that has none."""
    m = _YEAR.search(sheet)
    return sheet + words("tables")["year"] * (m[0] == sheet) if m else ""


def _width(cells: Sequence[Cell | Placed]) -> int:
    return max(cell.column + cell.columns for cell in cells)
