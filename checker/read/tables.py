"""What a grid of cells is: which rows are its head, which are titles and notes, and where another table begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from checker.units import units
from checker.vocabulary import words

# Half width for what heads are written with.
NARROW = str.maketrans("（）：，％＋－＃＊／０１２３４５６７８９．［］", "():,%+-#*/0123456789.[]")
_NUMBER = re.compile(r"[-−－–+＋↑↓▲▼]?[(（]?[-−－]?(?:\d[\d,，]*|(?=\.\d))(?:[.．]\d+)?\s?[%％‰]?[)）]?[①-⑩*＊]*")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_ORDER = re.compile(r"\d{1,2}|[甲乙丙丁]|\d{1,2}=.{1,20}")


@dataclass(slots=True)
class Placed:
    """A cell with the runs of the source that are its text, and the rows and columns it covers."""

    text: str
    runs: list[tuple[int, int]]
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    ref: str = ""


@dataclass(slots=True)
class PlacedTable:
    """Cells by rows; `heads` is None where nobody has said which rows are the head, 0 where none can be told."""

    cells: list[Placed]
    heads: int | None = None
    sheet: str = ""
    after: int = field(default=0)


@lru_cache(maxsize=20_000)
def is_number(text: str) -> bool:
    """Whether a cell holds a number and nothing else."""
    return bool(_NUMBER.fullmatch(text.strip()))


def is_nil(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    return text.strip() in _nil()


@cache
def _nil() -> frozenset[str]:
    return frozenset(words("tables")["nil"])


@cache
def _line(name: str) -> re.Pattern[str]:
    return re.compile(words("tables")[name]["pattern"])


def is_furniture(text: str) -> bool:
    """Whether a line between the rows of a table belongs to the page and not to it."""
    return bool(_line("furniture").fullmatch(text.strip()))


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a table."""
    return bool(_line("title").search(narrow(text)))


def is_number_of_table(text: str) -> bool:
    """Whether a line holds nothing but the number of a table."""
    return bool(_line("table_number").fullmatch(narrow(text)))


def is_note(text: str) -> bool:
    """Whether a line begins like a note below a table."""
    return bool(_line("note").match(text.strip()))


def unit_note(text: str) -> str:
    """The unit that a note gives for the figures of a table, or several parted by 、; empty without a note."""
    return "、".join(filter(None, map(units().printed_unit, re.split("[、,/]", noted(text)))))


def noted(text: str) -> str:
    """What a note gives as the unit of a table, whether it is one that is known or not; empty without a note."""
    notes = [m["unit"] for m in _line("unit_note").finditer(narrow(text))]
    return notes[-1] if notes else ""


def without_unit_note(text: str) -> str:
    """A line without the note of the unit and the brackets around it."""
    m = _line("unit_note").search(narrow(text))
    return narrow(text)[: m.start()].rstrip("([（") if m else text


@lru_cache(maxsize=20_000)
def role_of(name: str) -> str:
    """What a column of this name is for, of the roles in tables.yaml; empty where it holds figures."""
    plain = narrow(name)
    return next((role for pattern, role in _roles() if pattern.fullmatch(plain)), "")


@cache
def _roles() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(entry["pattern"]), entry["role"]) for entry in words("tables")["roles"]]


@lru_cache(maxsize=20_000)
def narrow(text: str) -> str:
    """A head without spaces and line breaks, its signs in half width."""
    return "".join(text.split()).translate(NARROW)


def structured(table: PlacedTable) -> Iterator[Placed | PlacedTable]:
    """The parts of a grid in order: titles and notes that fill a row, and the tables between them, heads counted."""
    if table.heads == 0:
        yield table
        return
    rows = _rows(table.cells)
    width = len({cell.column for cell in table.cells})
    part: list[list[Placed]] = []
    figures: set[int] = set()  # the columns of the part that hold numbers
    first = True
    for number, row in enumerate(rows):
        alone = len(row) == 1 and width > 1 and not is_number(row[0].text)
        if alone and (not part or is_note(row[0].text) or unit_note(row[0].text)) and row[0].rows == 1:
            if part:
                yield _part(table, part, first)
                part, figures, first = [], set(), False
            yield row[0]
        else:
            if part and _begins_another(figures, row):
                yield _part(table, part, first)
                part, figures, first = [], set(), False
            part.append(row)
            figures.update(cell.column for cell in row if is_number(cell.text))
        if number == len(rows) - 1 and part:
            yield _part(table, part, first)


def _rows(cells: Sequence[Placed]) -> list[list[Placed]]:
    rows: dict[int, list[Placed]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return [rows[row] for row in sorted(rows)]


def _begins_another(figures: set[int], row: list[Placed]) -> bool:
    """Whether a row without a number is the head of another table: texts stand in the columns of the figures above."""
    if not figures or any(is_number(cell.text) or is_nil(cell.text) for cell in row):
        return False
    named = [cell for cell in row if not figures.isdisjoint(range(cell.column, cell.column + cell.columns))]
    return len(named) >= max(2, len(figures) * 2 // 3) and all(len(cell.text) <= 30 for cell in named)


def _part(table: PlacedTable, rows: list[list[Placed]], first: bool) -> PlacedTable:
    start = rows[0][0].row
    heads = table.heads - start if first and table.heads is not None else None
    if heads is None or heads <= 0:
        heads = _heads(rows)
    cells = [cell for row in rows for cell in row]
    return PlacedTable(cells, heads, table.sheet, table.after)


def _heads(rows: list[list[Placed]]) -> int:
    """How many rows name the columns: those without a figure at the top; years and the numbers of columns are none."""
    start, heads = rows[0][0].row, 0
    for row in rows:
        below = row[0].row - start
        if below >= heads and any(is_number(cell.text) for cell in row) and not _names_columns(row, heads):
            break
        if below >= heads and heads and not any(is_number(cell.text) for cell in row) and _is_section(row):
            break
        heads = max(heads, below + 1, *(cell.row - start + cell.rows for cell in row if cell.columns == 1 or not heads))
    else:
        return min(1, len(rows))
    return heads


def _is_section(row: list[Placed]) -> bool:
    """Whether a row below the first only opens a group of rows: a single text in the first column."""
    return len(row) == 1 and row[0].column == 0 and row[0].columns == 1


def _names_columns(row: list[Placed], heads: int) -> bool:
    """Whether the numbers of a row are years, or count the columns."""
    numbers = [cell.text.strip() for cell in row if is_number(cell.text)]
    if all(_YEAR.fullmatch(number) for number in numbers):
        return not heads or len(numbers) > 1
    return (
        heads > 0
        and len(numbers) > 1
        and numbers == [str(i) for i in range(int(_plain(numbers[0])), len(numbers) + int(_plain(numbers[0])))]
    )


def _plain(number: str) -> str:
    return number if number.isdigit() and len(number) < 4 else "0"
