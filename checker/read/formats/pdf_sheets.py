"""Pages become one text: running heads go, and tables that go on over a page are put together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from checker.read.content import GridCell
from checker.read.formats.pdf_lines import Line, Run
from checker.read.formats.pdf_tables import NEAR, Block

# The share of a page, at its top and its bottom, that running heads and feet stand in.
MARGIN = 0.12
# A running head stands on so many pages at least, and on so large a share of all.
REPEATED = 3
SHARE = 0.4
# How far apart the columns of two parts of a table may be, where rules show them and where only text does.
RULED = 6.0
ALIGNED = 20.0
# How many lines above a table may be said again on its next page.
TITLE = 4

# A number of a page and what stands around it is no longer than this; it goes up over so many pages before and after.
LONGEST = 30
AROUND = 4

_NUMBER = re.compile(r"\d{1,4}(?!\d)")
_ROMAN = re.compile(r"\s*[ivxlcIVXLC]{1,6}\s*")
_PAGE_NUMBER = re.compile(r"\W*(?:\d{1,4}|[ivxlcIVXLC]{1,6})\W*")


@dataclass(slots=True)
class Sheet:
    """A page as it was laid out: for each of its columns lines and tables from the top; y from 0 to height."""

    width: float
    height: float
    columns: list[list[Line | Block]] = field(default_factory=list)
    begun: bool = False  # whether where it begins is told by a table from the page before


def drop_running(sheets: list[Sheet]) -> None:
    """Take running heads, running feet and the numbers of pages away, from the outermost line inwards."""
    for last in (False, True):
        outer = [_outermost(sheet, last) for sheet in sheets]
        while any(outer):
            # The texts on these lines, each with how far from the edge it stands.
            places: list[dict[str, int]] = [
                {run.text: round((sheet.height - line.baseline if last else line.baseline) / NEAR) for run in line.runs}
                if line
                else {}
                for sheet, line in zip(sheets, outer, strict=True)
            ]
            # What stands above a table on page after page is its title.
            above = [not last and _has_table_below(sheet) for sheet in sheets]
            fixed = Counter(place for texts, no in zip(places, above, strict=True) if not no for place in texts.items())
            numbers = [{key: number for text in texts for key, number in _numbers(text)} for texts in places]
            needed = max(REPEATED, SHARE * above.count(False))
            changed: list[Line | None] = [None] * len(sheets)
            for i, line in enumerate(outer):
                if not line:
                    continue
                kept = [
                    run
                    for run in line.runs
                    if _around(fixed, run.text, places[i][run.text]) < needed and not _counts_up(run.text, i, numbers)
                ]
                if len(kept) < len(line.runs):
                    _change(sheets[i], line, kept)
                    changed[i] = _outermost(sheets[i], last) if not kept else None
            outer = changed


def _has_table_below(sheet: Sheet) -> bool:
    things = sorted((thing for column in sheet.columns for thing in column), key=lambda thing: thing.top)
    return any(isinstance(thing, Block) for thing in things[: TITLE + 1])


def _change(sheet: Sheet, line: Line, kept: list[Run]) -> None:
    """Leave no more of a line on a page than what is kept of it."""
    if kept:
        line.runs = kept
    else:
        sheet.columns = [[thing for thing in column if thing is not line] for column in sheet.columns]


def _around(counts: Counter[tuple[str, int]], text: str, place: int) -> int:
    """How often a text stands at a height, give or take the width of a step."""
    return sum(counts[text, place + step] for step in (-1, 0, 1))


def _numbers(text: str) -> list[tuple[tuple[str, int], int]]:
    """The numbers in a short text, each with what stands around it and how many come before it."""
    if len(text) > LONGEST:
        return []
    if _ROMAN.fullmatch(text):
        return [(("", 0), _roman(text.strip().lower()))]
    around = _NUMBER.sub("#", text)
    return [((around, i), int(found)) for i, found in enumerate(_NUMBER.findall(text))]


def _counts_up(text: str, page: int, numbers: list[dict[tuple[str, int], int]]) -> bool:
    """Whether a text has a number that goes up with the pages around it, and stands with it on most of them."""
    bare = bool(_PAGE_NUMBER.fullmatch(text))
    # Tables that take a page each count up too, but nothing follows their number.
    if not bare and text[-1:].isdigit() and "/" not in text:
        return False
    for key, number in _numbers(text):
        others = [
            (i, numbers[i][key])
            for i in range(max(page - AROUND, 0), min(page + AROUND + 1, len(numbers)))
            if i != page and key in numbers[i]
        ]
        right = sum(other - number == i - page for i, other in others)
        if right and (bare or (right >= REPEATED - 1 and right == len(others))):
            return True
    return False


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text]
    return sum(-value if value < max(values[i:]) else value for i, value in enumerate(values))


def _outermost(sheet: Sheet, last: bool) -> Line | None:
    """The first or the last line of a page, where it stands in the margin and is no part of a table."""
    things = [thing for column in sheet.columns for thing in column]
    if not things:
        return None
    found = max(things, key=lambda thing: thing.bottom) if last else min(things, key=lambda thing: thing.top)
    outside = found.bottom > (1 - MARGIN) * sheet.height if last else found.top < MARGIN * sheet.height
    return found if isinstance(found, Line) and outside else None


def join_tables(sheets: list[Sheet]) -> None:
    """Put each table that goes on over a page together on the page where it begins."""
    table: Block | None = None
    above: set[str] = set()
    for sheet in sheets:
        things = [thing for column in sheet.columns for thing in column]
        at = next((i for i, thing in enumerate(things) if isinstance(thing, Block)), len(things))
        lines = [thing for thing in things[:at] if isinstance(thing, Line)]
        more = things[at] if at < len(things) else None
        again = all(line.text in above for line in lines)
        if table and isinstance(more, Block) and again and _add(table, more):
            sheet.begun = True
            told = set(map(id, things[: at + 1]))
            sheet.columns = [[thing for thing in column if id(thing) not in told] for column in sheet.columns]
            if at + 1 == len(things):
                continue
        table = things[-1] if things and isinstance(things[-1], Block) else None
        above = {thing.text for thing in things[-1 - TITLE :] if isinstance(thing, Line)}


def _add(table: Block, more: Block) -> bool:
    """Put the rows of a table below those of another, if they have the same columns; its head is not said again."""
    columns = _columns(table, more)
    if columns is None:
        return False
    more_cells = [
        replace(cell, column=columns[cell.column], columns=columns[cell.column + cell.columns] - columns[cell.column])
        for cell in more.cells
    ]
    heads = _repeated(table.cells, more_cells)
    table.heads = heads or table.heads
    table.pages.append(table.rows)
    down = table.rows - heads
    table.cells += [replace(cell, row=cell.row + down) for cell in more_cells if cell.row >= heads]
    table.rows += more.rows - heads
    return True


def _columns(table: Block, more: Block) -> list[int] | None:
    """For each border of `more` the border of `table` that it is, None where some is none."""
    ruled = table.ruled and more.ruled
    near = RULED if ruled else ALIGNED
    # Odd and even pages may have other margins.
    shift = table.borders[0] - more.borders[0] if ruled else 0.0
    places = [border + shift for border in more.borders]
    if len(places) > len(table.borders) or abs(places[-1] - table.borders[-1]) > near:
        return None
    found = [min(range(len(table.borders)), key=lambda i: abs(table.borders[i] - place)) for place in places]
    far = any(abs(table.borders[i] - place) > near for i, place in zip(found, places, strict=True))
    return None if far or len(set(found)) < len(found) else found


def _repeated(cells: list[GridCell], more: list[GridCell]) -> int:
    """How many rows both parts of a table begin with."""
    same = 0
    for row in range(1, min(max(cell.row for cell in part) for part in (cells, more)) + 1):
        tops = [[cell for cell in part if cell.row < row] for part in (cells, more)]
        if tops[0] != tops[1]:
            break
        if all(cell.row + cell.rows <= row for cell in tops[0]):
            same = row
    return same
