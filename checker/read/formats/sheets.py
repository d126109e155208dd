"""From the cells of a sheet to passages and grids: titles, units and notes around its tables, and one grid a table.

A blank row or column parts two tables only where the further side has heads or labels of its own: many a table has
blank rows in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from checker.read.content import Content, Grid, GridCell, Passage

# More than a report holds; each takes memory until all are compared.
MAX_CELLS = 2_000_000
MAX_CHARACTERS = 50_000_000
MAX_MERGED = 100_000
# Of all merged areas together; those beyond are taken as not merged.
MAX_COVERED = 5_000_000
ROWS, COLUMNS = 1_048_576, 16_384
_FIGURE = re.compile(r"[-+−(（]?[¥￥$]?\s?\d[\d,]*(?:\.\d+)?\s?[%‰]?[)）]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COLON = re.compile("[:：]")
_COLUMN = re.compile("[A-Z]{1,3}")
_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
# A text in a row of its own is no head of the column below it where it is longer than this, and a note below a table
# where it is longer than that.
_LONGEST_HEAD = 8
_SHORTEST_NOTE = 15
# Texts that stand beside each other above a table: who made it, of when, in what unit.
_MOST_NOTES = 3


class Hidden:
    """Rows or columns that are not shown, added in order, as ranges: there may be a million."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._before: list[int] = [0]

    def add(self, first: int, last: int) -> None:
        if self._lasts and first <= self._lasts[-1]:
            first = self._lasts[-1] + 1
        if first > last:
            return
        if self._lasts and first == self._lasts[-1] + 1:
            self._lasts[-1] = last
            self._before[-1] += last - first + 1
        else:
            self._firsts.append(first)
            self._lasts.append(last)
            self._before.append(self._before[-1] + last - first + 1)

    def __contains__(self, index: int) -> bool:
        at = bisect_right(self._firsts, index) - 1
        return at >= 0 and index <= self._lasts[at]

    def shown(self, index: int) -> int:
        """How many of those before this one are shown."""
        at = bisect_right(self._firsts, index) - 1
        return index - (0 if at < 0 else self._before[at] + min(index - self._firsts[at], self._length(at)))

    def next_shown(self, index: int) -> int:
        """This one, or the first behind it that is shown."""
        return self._lasts[bisect_right(self._firsts, index) - 1] + 1 if index in self else index

    def _length(self, at: int) -> int:
        return self._before[at + 1] - self._before[at]


Texts = list[tuple[int, str]]


@dataclass(slots=True)
class Sheet:
    """The texts of a sheet as displayed, by row and then column, both from 0.

    A merged area is its first row and column and its last.
    """

    name: str
    rows: dict[int, Texts] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: Hidden = field(default_factory=Hidden)
    hidden_columns: Hidden = field(default_factory=Hidden)
    cells: int = 0
    characters: int = 0

    def add(self, row: int, texts: Texts) -> None:
        """The texts of a row, which comes behind those added before."""
        if texts:
            texts.sort()
            if texts[-1][0] >= COLUMNS:
                raise ValueError(f"a sheet of more than {COLUMNS:,} columns")
            self.rows[row] = texts
            self.cells += len(texts)
            self.characters += sum(len(text) for _, text in texts)
            check(self.cells, self.characters)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if len(self.merged) >= MAX_MERGED:
            raise ValueError(f"a sheet of more than {MAX_MERGED:,} merged areas")
        self.merged.append((top, left, bottom, right))


def check(cells: int, characters: int) -> None:
    """Raise ValueError where there are too many."""
    if cells > MAX_CELLS:
        raise ValueError(f"more than {MAX_CELLS:,} cells")
    if characters > MAX_CHARACTERS:
        raise ValueError(f"more than {MAX_CHARACTERS:,} characters")


def blocks(sheet: Sheet) -> tuple[list[Passage | Grid], list[str]]:
    """What a sheet says, from the top, and what was left out of it. The sheet is used up."""
    hidden = _hide(sheet)
    spans = _spans(sheet)
    found: list[Passage | Grid] = []
    for rows in _pieces(sheet, spans):
        above, table, below = _notes(sheet, rows, spans)
        found += [Passage(text) for text in above]
        found += [_grid(sheet, table, *columns, spans) for columns in _sides(sheet, table, spans)]
        found += [Passage(text) for text in below]
    return found, [f"{hidden:,} cells in hidden rows or columns of sheet {sheet.name}"] if hidden else []


def _hide(sheet: Sheet) -> int:
    """Take out what is not shown, and say how many cells; a merged area moves to the first cell of it that is."""
    moved: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merged:
        row, column = sheet.hidden_rows.next_shown(top), sheet.hidden_columns.next_shown(left)
        if (row, column) != (top, left) and row <= bottom and column <= right:
            moved[top, left] = row, column
    hidden = 0
    arrived: dict[int, Texts] = defaultdict(list)
    for row in list(sheet.rows):
        texts, gone = sheet.rows[row], row in sheet.hidden_rows
        if not gone and not any(column in sheet.hidden_columns for column, _ in texts):
            continue
        kept = []
        for column, text in texts:
            if (row, column) in moved:
                to_row, to_column = moved[row, column]
                arrived[to_row].append((to_column, text))
            elif gone or column in sheet.hidden_columns:
                hidden += 1
            else:
                kept.append((column, text))
        if kept:
            sheet.rows[row] = kept
        else:
            del sheet.rows[row]
    for row, texts in arrived.items():
        sheet.rows[row] = sorted([*sheet.rows.get(row, []), *texts])
    if arrived:
        sheet.rows = dict(sorted(sheet.rows.items()))
    return hidden


Spans = dict[tuple[int, int], tuple[int, int]]


def _spans(sheet: Sheet) -> Spans:
    """The last row and column of each merged area, by its first that is shown, no further than the texts reach."""
    last_row = max(sheet.rows, default=0)
    last_column = max((texts[-1][0] for texts in sheet.rows.values()), default=0)
    for _, left, _, right in sheet.merged:
        # A title that is merged over all columns may be the only thing as wide; an area over all there are is not.
        if right - left < _WIDEST:
            last_column = max(last_column, right)
    spans: Spans = {}
    covered = 0
    for top, left, bottom, right in sheet.merged:
        bottom, right = min(bottom, max(last_row, top)), min(right, max(last_column, left))
        covered += (bottom - top + 1) * (right - left + 1)
        if covered <= MAX_COVERED:
            spans[sheet.hidden_rows.next_shown(top), sheet.hidden_columns.next_shown(left)] = bottom, right
    return spans


_WIDEST = 256


def _pieces(sheet: Sheet, spans: Spans) -> Iterator[list[int]]:
    """The rows of the sheet, a list for each table and what stands around it."""
    piece: list[int] = []
    waiting: list[int] = []  # texts alone in their rows: of the table above, or of the next
    for group in _groups(sheet, spans):
        if not any(len(sheet.rows[row]) > 1 or _is_figure(sheet.rows[row][0][1]) for row in group):
            waiting += group
        elif piece and not _has_heads(sheet, group):
            piece += [*waiting, *group]
            waiting = []
        else:
            if piece:
                yield piece
            piece, waiting = [*waiting, *group], []
    if piece or waiting:
        yield piece + waiting


def _groups(sheet: Sheet, spans: Spans) -> Iterator[list[int]]:
    """Rows without a blank one between them."""
    group: list[int] = []
    reach = -1
    for row, texts in sheet.rows.items():
        if group and sheet.hidden_rows.shown(row) - sheet.hidden_rows.shown(reach) > 1:
            yield group
            group = []
        group.append(row)
        reach = max(reach, row, *(spans[row, column][0] for column, _ in texts if (row, column) in spans))
    if group:
        yield group


def _has_heads(sheet: Sheet, group: list[int]) -> bool:
    """Whether the first row of several texts has no figure but years, and one further down has."""
    wide = (row for row in group if len(sheet.rows[row]) > 1)
    first = next(wide, None)
    if first is None or any(_is_figure(text) and not _YEAR.fullmatch(text) for _, text in sheet.rows[first]):
        return False
    return any(_is_figure(text) for row in wide for _, text in sheet.rows[row])


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None


def _notes(sheet: Sheet, rows: list[int], spans: Spans) -> tuple[list[str], list[int], list[str]]:
    """The texts above a table, its rows, and the texts below it."""
    columns = [column for row in rows for column, _ in sheet.rows[row]]
    first, width = min(columns), _width(sheet, rows, spans)
    if width == 1 and not any(_is_figure(text) for row in rows for _, text in sheet.rows[row]):
        return [text for row in rows for _, text in sheet.rows[row]], [], []
    start, end = 0, len(rows)
    while start < end and _is_above(sheet, rows[start], first, width, spans):
        start += 1
    while end > start and _is_below(sheet, rows[end - 1], spans):
        end -= 1
    return (
        [text for row in rows[:start] for _, text in sheet.rows[row]],
        rows[start:end],
        [text for row in rows[end:] for _, text in sheet.rows[row]],
    )


def _width(sheet: Sheet, rows: list[int], spans: Spans) -> int:
    """How many columns the rows fill that have most texts: a table is no wider for a title that is."""
    return max(
        sum(_columns(sheet, row, column, spans) for column, _ in sheet.rows[row]) if len(sheet.rows[row]) > 1 else 1
        for row in rows
    )


def _columns(sheet: Sheet, row: int, column: int, spans: Spans) -> int:
    """How many columns a cell covers."""
    if (row, column) not in spans:
        return 1
    return sheet.hidden_columns.shown(spans[row, column][1]) - sheet.hidden_columns.shown(column) + 1


def _is_above(sheet: Sheet, row: int, first: int, width: int, spans: Spans) -> bool:
    texts = sheet.rows[row]
    if any(_is_figure(text) for _, text in texts):
        return False
    noted = any(_COLON.search(text) for _, text in texts)
    if len(texts) == 1:
        column, text = texts[0]
        return column == first or noted or _columns(sheet, row, column, spans) > 1 or len(text) > _LONGEST_HEAD
    covered = sum(_columns(sheet, row, column, spans) for column, _ in texts)
    return noted and len(texts) <= _MOST_NOTES and len(texts) < width and covered <= max(width / 2, len(texts))


def _is_below(sheet: Sheet, row: int, spans: Spans) -> bool:
    texts = sheet.rows[row]
    if len(texts) > 1 or _is_figure(texts[0][1]):
        return False
    column, text = texts[0]
    return _columns(sheet, row, column, spans) > 1 or bool(_COLON.search(text)) or len(text) > _SHORTEST_NOTE


def _sides(sheet: Sheet, rows: list[int], spans: Spans) -> list[tuple[int, int]]:
    """The first and last column of each table that stands in these rows, from the left."""
    if not rows:
        return []
    texts: dict[int, int] = defaultdict(int)
    figures: dict[int, int] = defaultdict(int)
    reach: dict[int, int] = {}
    for row in rows:
        for column, text in sheet.rows[row]:
            (figures if _is_figure(text) else texts)[column] += 1
            if (row, column) in spans:
                reach[column] = max(reach.get(column, column), spans[row, column][1])
    columns = sorted({*texts, *figures})
    sides, start, end = [], columns[0], columns[0]
    for column in columns:
        apart = sheet.hidden_columns.shown(column) - sheet.hidden_columns.shown(end) > 1
        # Labels of its own, and figures or texts to go with them.
        if apart and texts[column] > max(1, figures[column]) and column < columns[-1] and start < end:
            sides.append((start, end))
            start = column
        end = max(end, reach.get(column, column))
    return [*sides, (start, end)]


def _grid(sheet: Sheet, rows: list[int], left: int, right: int, spans: Spans) -> Grid:
    """The cells of these rows and columns; where both sides of a sheet have been made, its rows are used up."""
    columns = range(left, right + 1)
    shown = {column: sheet.hidden_columns.shown(column) - sheet.hidden_columns.shown(left) for column in columns}
    cells: list[GridCell] = []
    top = None
    for row in rows:
        number = str(row + 1)
        down = sheet.hidden_rows.shown(row)
        for column, text in sheet.rows[row]:
            if not left <= column <= right:
                continue
            top = down if top is None else top
            tall, wide = 1, 1
            if (row, column) in spans:
                last, _ = spans[row, column]
                tall = sheet.hidden_rows.shown(last) - down + 1
                wide = _columns(sheet, row, column, spans)
            cells.append(GridCell(text, down - top, shown[column], tall, wide, letters(column) + number))
        if sheet.rows[row] and sheet.rows[row][-1][0] <= right:
            sheet.rows[row] = []
    return Grid(tuple(cells), sheet=sheet.name)


@cache
def letters(column: int) -> str:
    """The name of a column, from 0: A to Z, then AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def place(ref: str) -> tuple[int, int]:
    """The row and column, from 0, of a cell by its name: C14."""
    if not (found := _REF.fullmatch(ref)):
        raise ValueError(f"damaged: a cell called {ref[:20]!r}")
    return int(found[2]) - 1, column(found[1])


@cache
def column(name: str) -> int:
    """The number of a column, from 0, by its name."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    if not _COLUMN.fullmatch(name) or number > COLUMNS:
        raise ValueError(f"damaged: a column called {name[:20]!r}")
    return number - 1


def content(sheets: Iterable[Sheet], skipped: list[str]) -> Content:
    """The blocks of several sheets in order. Whoever makes the sheets adds to what is skipped as it goes."""
    found: list[Passage | Grid] = []
    cells = characters = 0
    for sheet in sheets:
        cells, characters = cells + sheet.cells, characters + sheet.characters
        check(cells, characters)
        made, left_out = blocks(sheet)
        found += made
        skipped += left_out
    return Content(tuple(found), skipped=tuple(skipped))
