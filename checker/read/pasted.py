"""Tables that somebody pasted into a text: rows with bars or tabs, aligned numbers, and one cell a line.

Where bars and tabs part the cells, their order tells the columns. Elsewhere the lines are read as a run of labels and
numbers: a row is a label and the numbers up to the next one, and the head is split into the names of columns by the
words that heads are made of. What does not come out even is left without a column, or the whole without a head.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from checker.read.layout import Line, begins_unit
from checker.read.tables import NARROW, Placed, PlacedTable, is_furniture, is_nil, is_number, unit_note
from checker.units import unit_of
from checker.vocabulary import any_of, words

# A line that is longer than this is no cell; nor is one with a stop in it, or one that runs on.
_LONGEST = 120
_PROSE = re.compile(r"[。；;！!？?]|[^\d\s]，")
_RUNS_ON = "，、,"
_RULE = re.compile(r"[-:—=\s]*")
_GAP = re.compile(r"[ \t\u3000\xa0\u2002-\u200b]+")
# Fewer numbers than these, alone in their cells, are no table.
_FEWEST = 4
# Up to so many blank lines may stand between two lines of a table.
_BLANKS = 2
_LONGEST_LABEL = 40
# The number of a row in a classification.
_CODE = re.compile(r"\d{2,9}")
# A column without a name: which it is cannot be told.
UNKNOWN = -1


@dataclass(slots=True)
class Item:
    """A label or a number in a line of cells, with where it stands in the source."""

    text: str
    start: int
    end: int
    number: bool
    line: int


@dataclass(slots=True)
class Pasted:
    """A table in the place of some lines."""

    first: int
    last: int
    table: PlacedTable


def pasted_tables(text: str, lines: Sequence[Line]) -> Iterator[Pasted]:
    """The tables among these lines, in order."""
    at = 0
    while at < len(lines):
        end = _bars(text, lines, at)
        if end > at:
            yield Pasted(at, end, _grid(text, lines[at:end]))
            at = end
            continue
        items, end = _run(text, lines, at)
        if sum(item.number for item in items) >= _FEWEST and _dense(items, end - at):
            for table in _tables(text, items, at, end):
                yield table
        at = max(end, at + 1)


# ---- cells parted by bars and tabs


def _separator(text: str, line: Line) -> str:
    if text.count("|", line.start, line.end) >= 2:
        return "|"
    tabs = text[line.start : line.end].strip("\t ").count("\t")
    return "\t" if tabs else ""


def _bars(text: str, lines: Sequence[Line], at: int) -> int:
    """Where the rows that begin at this line end; `at` itself where it is no row, or only one with a tab."""
    separator = _separator(text, lines[at])
    if not separator:
        return at
    end = at + 1
    while end < len(lines) and _separator(text, lines[end]) == separator and lines[end].blank == 0:
        end += 1
    return at if separator == "\t" and end - at < 2 else end


def _grid(text: str, lines: Sequence[Line]) -> PlacedTable:
    separator = _separator(text, lines[0])
    cells: list[Placed] = []
    heads = None
    row = 0
    for line in lines:
        parts = list(_parts(text, line, separator))
        if all(_RULE.fullmatch(text[start:end]) for start, end, _ in parts) and separator == "|":
            heads = heads or row or None
            continue
        cells += [Placed(text[start:end], [(start, end)], row, column) for start, end, column in parts if end > start]
        row += 1
    return PlacedTable(cells, heads)


def _parts(text: str, line: Line, separator: str) -> Iterator[tuple[int, int, int]]:
    """The cells of a row without the spaces around them, and their columns."""
    at, column = line.start, 0
    raw = text[line.start : line.end]
    if separator == "|" and raw.lstrip().startswith("|"):
        at += raw.index("|") + 1
    for part in text[at : line.end].split(separator):
        lead = len(part) - len(part.lstrip())
        yield at + lead, at + max(lead, len(part.rstrip())), column
        at, column = at + len(part) + 1, column + 1


# ---- a run of labels and numbers


def _run(text: str, lines: Sequence[Line], at: int) -> tuple[list[Item], int]:
    """The items of the lines from here on that can be cells, and where these end."""
    found: list[Item] = []
    end = at
    while end < len(lines) and (end == at or lines[end].blank <= _BLANKS) and not _separator(text, lines[end]):
        items = _items(text, lines[end], end)
        if not items:
            break
        found += items
        end += 1
    return found, end


def _dense(items: Sequence[Item], lines: int) -> bool:
    """Whether numbers stand in enough of the lines for these to be a table and not a list of headings."""
    return len({item.line for item in items if item.number}) * 6 >= lines


def _items(text: str, line: Line, number: int) -> list[Item]:
    """A line as cells: numbers, a label, a label and numbers or numbers and the label of the next row; none in prose."""
    raw = text[line.start : line.end]
    if line.end - line.start > _LONGEST or _PROSE.search(raw) or raw.rstrip()[-1] in _RUNS_ON:
        return []
    words_in = [(m.start(), m.end()) for m in re.finditer(r"[^ \t\u3000\xa0\u2002-\u200b]+", raw)]
    figures = [is_number(raw[a:b]) or is_nil(raw[a:b]) for a, b in words_in]

    def item(start: int, end: int, is_figure: bool) -> Item:
        return Item(raw[start:end], line.start + start, line.start + end, is_figure, number)

    numbers = [item(a, b, True) for a, b in words_in]
    if all(figures):
        return numbers
    first = figures.index(False)
    last = len(figures) - figures[::-1].index(False)
    if first and last == len(figures):
        start = words_in[first][0]
        if begins_unit(raw, start) or (first == 1 and raw[: words_in[0][1]].isdigit() and words_in[0][1] < 4):
            return [item(words_in[0][0], words_in[-1][1], False)]
        return [*numbers[:first], item(start, words_in[-1][1], False)]
    if not first and last < len(figures) and not _caption().match(raw.strip()):
        return [item(words_in[0][0], words_in[last - 1][1], False), *numbers[last:]]
    if glued := re.match(r"((?:[^\u4e00-\u9fff\s]+[ \t\u3000\xa0]+)*[\d,]*\d(?:,\d{3}|\.\d+)[%％]?)(?=[\u4e00-\u9fff(（])", raw):
        behind = glued.end()
        before = raw[:behind].split()
        if all(map(is_number, before)) and not begins_unit(raw, behind):
            found = [item(a, min(b, behind), True) for a, b in words_in if a < behind]
            return [*found, item(behind, len(raw.rstrip()), False)]
    return [item(words_in[0][0], words_in[-1][1], False)]


def _tables(text: str, items: list[Item], first: int, last: int) -> Iterator[Pasted]:
    """The run cut into tables: a caption, a note of the unit or another head begins the next."""
    starts = [0]
    seen = False
    for i, item in enumerate(items):
        if item.number:
            seen = True
        elif seen and _opens_table(item.text):
            starts.append(i)
            seen = False
    bounds = [*starts, len(items)]
    for start, end in zip(bounds, bounds[1:], strict=False):
        part = items[start:end]
        if sum(item.number for item in part) < 1:
            continue
        begin = part[0].line if start else first
        stop = items[end].line if end < len(items) else last
        if start and part[0].line == items[start - 1].line:
            begin = part[0].line + 1  # the rest of a line whose beginning is in the table before
        yield from _table(text, part, begin, stop)


def _opens_table(label: str) -> bool:
    if _caption().match(label) or unit_note(label):
        return True
    head = _Head(label)
    return bool(head.names) and head.label and len(head.names) > 1


def _table(text: str, items: list[Item], first: int, last: int) -> Iterator[Pasted]:
    opening = next(i for i, item in enumerate(items) if item.number)
    titles = max((i + 1 for i, item in enumerate(items[:opening]) if _is_caption(item.text)), default=0)
    start = items[titles].line if titles else first
    kept = [item for item in items[titles:] if item.line >= start]
    if any(item.number for item in kept):
        yield Pasted(start, last, _rows(kept, _head(kept)))


def _is_caption(label: str) -> bool:
    """Whether a line above a table is its title or note of the unit and nothing of its head."""
    return bool((_caption().match(label) or unit_note(label)) and not _Head(label).names)


def _columns(items: Sequence[Item], coded: bool) -> int:
    """How many numbers most rows have, codes of rows left out."""
    counts: Counter[int] = Counter()
    run = 0
    for item in items:
        if item.number:
            run += not (coded and _CODE.fullmatch(item.text))
        elif run:
            counts[run] += 1
            run = 0
    if run:
        counts[run] += 1
    return max(sorted(counts), key=lambda count: counts[count], default=0)


@dataclass(slots=True)
class _Names:
    """The names of columns with where they stand, the label that names the rows, and what is left for the first row."""

    names: list[Item] = field(default_factory=list)
    rest: Item | None = None
    above: Item | None = None
    lines: int = 0
    coded: bool = False


class _Head:
    """A head that may be run together: what stands before it, its names, and what is left behind them."""

    def __init__(self, label: str):
        plain = label.translate(NARROW)
        readings = [_names_from(plain, m) for m in _row_label().finditer(plain)]
        self.names = max(readings, key=len, default=[])
        self.label = bool(self.names)
        self.start, self.end = (self.names[0][0], self.names[-1][1]) if self.names else (0, 0)


def _names_from(plain: str, opening: re.Match[str]) -> list[tuple[int, int]]:
    """The names of columns in a row, from that of the labels on."""
    names = [opening.span()]
    while (m := _name().match(plain, names[-1][1])) and m.end() > m.start():
        names.append(m.span())
    return names


@cache
def _row_label() -> re.Pattern[str]:
    """The head of the column of labels, at the beginning of a line or behind a title or the note of the unit."""
    label = next(entry["pattern"] for entry in words("tables")["roles"] if entry["role"] == "label")
    return re.compile(rf"(?:(?<=^)|(?<=[^\d、]))(?:{label})(?=$|{_period()}|{_plain_name()})")


@cache
def _caption() -> re.Pattern[str]:
    return re.compile(words("tables")["caption"]["pattern"])


def _period() -> str:
    return f"(?:{words('tables')['period']['pattern']})"


@cache
def _plain_name() -> str:
    """A pattern for the name of a column by the words that such names are made of, without its period."""
    data = words("tables")
    patterns = [entry["pattern"] for kind in ("attributes", "modalities", "periods") for entry in data[kind]]
    patterns += [entry["pattern"] for entry in data["roles"] if entry["role"] in ("unit", "note", "order")]
    patterns += ["(?:{})".format("|".join(data["amounts"])), "(?:{})".format("|".join(data["versions"]))]
    patterns.append(any_of(data["measures"]))
    return "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")"


@cache
def _name() -> re.Pattern[str]:
    unit = r"(?:\([^()]{1,10}\))?"
    return re.compile(rf"(?:{_period()}{_plain_name()}|{_period()}|{_plain_name()}){unit}%?")


def _head(items: list[Item]) -> _Names:
    """The names of the columns, where they come out as many as the rows have numbers; none elsewhere."""
    opening = next(i for i, item in enumerate(items) if item.number)
    above = items[:opening]
    if not above:
        return _Names()
    places = [item.start + i for item in above for i, c in enumerate(item.text) if not c.isspace()]
    joined = "".join("".join(item.text.split()) for item in above)
    head = _Head(joined)
    names = [_item(joined, places, a, b, above) for a, b in head.names]
    before = _item(joined, places, 0, head.start, above) if head.start else None
    coded = _is_coded(names)
    columns = _columns(items[opening:], coded)
    sides = _sides(names)
    if len(sides) > 1 and _value_columns(sides[0]) == columns:
        end = head.names[-1][1]
        rest = _item(joined, places, end, len(joined), above) if end < len(joined) else None
        return _Names(sides[0], rest, before, len(above), coded)
    while names:
        end = head.names[len(names) - 1][1]
        if len(joined) - end > _LONGEST_LABEL:
            break
        if _value_columns(names) == columns:
            rest = _item(joined, places, end, len(joined), above) if end < len(joined) else None
            return _Names(names, rest, before, len(above), coded)
        if names[-1].text not in words("tables")["totals"]:
            break
        names.pop()  # what reads like the name of a column is the label of the first row
    coded = _is_coded(above[:-1])
    if len(above) > 2 and _is_row_label(above[:2]):
        found = _Names(above[:-1], above[-1], None, len(above), coded)
        if _value_columns(found.names) == _columns(items[opening:], coded):
            return found
    return _Names()


def _sides(names: list[Item]) -> list[list[Item]]:
    """The columns of each side of a table that has two alike (receipts and payments); none where they are not alike."""
    starts = [i for i, name in enumerate(names) if _role(name.text) == "label"]
    sides = [names[a:b] for a, b in zip(starts, [*starts[1:], len(names)], strict=False)]
    alike = len({tuple(name.text for name in side[1:]) for side in sides}) == 1
    return sides if alike and starts[:1] == [0] else []


def _is_row_label(items: Sequence[Item]) -> bool:
    """Whether a head begins with the name of the column of labels, be it behind one of codes."""
    return any(_role(item.text) == "label" for item in items) and all(_role(item.text) for item in items[:1])


def _is_coded(names: Sequence[Item]) -> bool:
    """Whether one of the columns numbers or codes the rows."""
    return any(_role(name.text) == "order" for name in names)


def _value_columns(names: Sequence[Item]) -> int:
    return sum(_role(name.text) not in ("label", "order", "unit") for name in names)


@cache
def _role(name: str) -> str:
    """What a column of this name is for; empty where it holds figures."""
    plain = "".join(name.split()).translate(NARROW)
    roles = words("tables")["roles"]
    return next((entry["role"] for entry in roles if re.fullmatch(entry["pattern"], plain)), "")


def _item(joined: str, places: list[int], start: int, end: int, items: list[Item]) -> Item:
    text = joined[start:end]
    return Item(text, places[start], places[end - 1] + 1, False, items[0].line)


def _rows(items: list[Item], head: _Names) -> PlacedTable:
    """The grid: the head, then a row for each label with its numbers."""
    cells: list[Placed] = []
    row = 0
    body = items
    if head.names:
        if head.above:
            cells.append(_placed(head.above, row, 0))
            row += 1
        cells += [_placed(name, row, column) for column, name in enumerate(head.names)]
        row += 1
        body = [*([head.rest] if head.rest else []), *items[head.lines :]]
    roles = [_role(name.text) for name in head.names]
    values = [i for i, role in enumerate(roles) if role not in ("label", "order", "unit")]
    label_column = roles.index("label") if "label" in roles else 0
    unit_column = roles.index("unit") if "unit" in roles else None
    for labels, numbers in _grouped(body):
        codes = [number for number in numbers if head.coded and _CODE.fullmatch(number.text)]
        figures = [number for number in numbers if number not in codes] if codes else numbers
        unit = labels.pop() if unit_column is not None and len(labels) > 1 and unit_of(labels[-1].text) else None
        for label in labels[:-1]:
            cells.append(_placed(label, row, label_column))
            row += 1
        even = bool(values) and len(figures) == len(values) and bool(labels) and len(codes) < 2
        here = [_placed(label, row, label_column) for label in labels[-1:]]
        here += [_placed(unit, row, unit_column)] if unit and unit_column is not None else []
        here += [_placed(code, row, roles.index("order")) for code in codes[:1] if even]
        here += [_placed(number, row, column) for number, column in zip(figures, values, strict=True)] if even else [
            _placed(number, row, UNKNOWN) for number in numbers
        ]
        cells += here
        row += 1
    numbers_in = [cell for cell in cells if is_number(cell.text)]
    readable = 2 * sum(cell.column != UNKNOWN for cell in numbers_in) >= len(numbers_in)
    return PlacedTable(cells, 0 if not head.names or not readable else 2 if head.above else 1)


def _grouped(items: Sequence[Item]) -> Iterator[tuple[list[Item], list[Item]]]:
    """Labels and the numbers behind them, row by row; of several labels the last is that of the row."""
    labels: list[Item] = []
    numbers: list[Item] = []
    for item in items:
        if item.number:
            numbers.append(item)
            continue
        if numbers:
            yield labels, numbers
            labels, numbers = [], []
        if is_furniture(item.text) and labels:
            labels.insert(len(labels) - 1, item)
        else:
            labels.append(item)
    if labels or numbers:
        yield labels, numbers


def _placed(item: Item, row: int, column: int) -> Placed:
    return Placed(item.text.strip(), [(item.start, item.end)], row, column)
