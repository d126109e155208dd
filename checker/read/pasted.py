"""Tables that somebody pasted into a text: rows with bars or tabs, aligned numbers, and one cell a line.

Where bars and tabs part the cells, their order tells the columns. Elsewhere the lines are read as a run of labels and
numbers: a row is a label and the numbers up to the next one, and the head is split into the names of columns by the
words that heads are made of. What does not come out even is left without a column, or the whole without a head.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from checker.read.headings import depth
from checker.read.layout import Line, begins_unit
from checker.read.tables import NARROW, Placed, PlacedTable, is_furniture, is_nil, is_number, role_of, unit_note
from checker.units import units
from checker.vocabulary import table_words, words

# A line that is longer than this is no cell; nor is one with a stop in it, or one that runs on.
_LONGEST = 120
_PROSE = re.compile(r"[。；;！!？?]|[^\d\s]，")
_RUNS_ON = "，、,"
_RULE = re.compile(r"[-:—=\s]*")
_DASH = re.compile("[-—=]")
# What parts names of a head on one line: any spaces, or wide ones where names have spaces in them.
_GAPS = (re.compile(r"\s+"), re.compile(r"\s{2,}|\u3000+"))
# Fewer numbers than these, alone in their cells, are no table.
_FEWEST = 4
# Up to so many blank lines may stand between two lines of a table.
_BLANKS = 2
_LONGEST_LABEL = 40
# A table goes on behind no more lines than these.
_NEAR = 6
# Columns of a table of many, and the longest name of one.
_MANY = 6
_SHORT = 6
# A label of at least so many characters may go on in a line of at most so few.
_LONG, _FEW = 9, 5
# The number of a row in a classification.
_CODE = re.compile(r"\d{2,9}")
# Of classes, groups and items of the budget.
_CODE_LENGTHS = (3, 5, 7)
_UNITS = re.compile("[（(]")
_UNIT_BEHIND = re.compile(r"(?:\([^()]{1,10}\))?%?")
# A column without a name: which it is cannot be told.
UNKNOWN = -1


@dataclass(slots=True)
class Item:
    """A label or a number in a line of cells, with where it stands in the source; `gap` is a break inside it."""

    text: str
    start: int
    end: int
    number: bool
    line: int
    gap: tuple[int, int] | None = None


@dataclass(slots=True)
class Pasted:
    """A table in the place of some lines."""

    first: int
    last: int
    table: PlacedTable
    head: _Names


def pasted_tables(text: str, lines: Sequence[Line]) -> Iterator[Pasted]:
    """The tables among these lines, in order."""
    at = 0
    before: Pasted | None = None
    while at < len(lines):
        end = _bars(text, lines, at)
        if end > at:
            yield Pasted(at, end, _grid(text, lines[at:end]), _Names())
            at = end
            continue
        items, end = _run(text, lines, at)
        if sum(item.number for item in items) >= _FEWEST and _dense(items, end - at):
            for table in _tables(items, at, end, before):
                before = table
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
    """The table that rows with bars or tabs make up; without a head where its rows are not as wide as the others."""
    separator = _separator(text, lines[0])
    framed = separator == "|" and all(text[line.start : line.end].lstrip().startswith("|") for line in lines)
    cells: list[Placed] = []
    heads = None
    widths: list[int] = []
    for line in lines:
        parts = list(_parts(text, line, separator, framed))
        row = len(widths)
        if separator == "|" and all(_RULE.fullmatch(text[a:b]) for a, b, _ in parts) and _DASH.search(text, *line[2:4]):
            heads = heads or row or None
            continue
        cells += [Placed(text[start:end], [(start, end)], row, column) for start, end, column in parts if end > start]
        widths.append(len(parts) - framed)
    figures = {cell.row for cell in cells if is_number(cell.text)}
    usual = Counter(widths[row] for row in figures).most_common(1)
    first = min(figures, default=0)
    for cell in cells:
        if usual and cell.row > first and widths[cell.row] < usual[0][0] and is_number(cell.text):
            cell.column = UNKNOWN  # cells without text were lost
    filled = Counter(cell.row for cell in cells)
    # A row that holds one text may be a title.
    uneven = bool(usual) and any(1 < widths[row] < usual[0][0] for row in range(first) if filled[row] > 1)
    return PlacedTable(cells, 0 if uneven else heads)


def _parts(text: str, line: Line, separator: str, framed: bool) -> Iterator[tuple[int, int, int]]:
    """The cells of a row without the spaces around them, and their columns; a frame of bars parts none."""
    at, column = line.start, 0
    if framed:
        at = text.index("|", at) + 1
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
    """A line as cells: numbers, a label, a label and numbers, numbers and the label of the next row; none in prose."""
    raw = text[line.start : line.end]
    if not raw.strip() or raw.rstrip()[-1] in _RUNS_ON or _PROSE.search(raw):
        return []
    words_in = [(m.start(), m.end()) for m in re.finditer(r"[^ \t\u3000\xa0\u2002-\u200b]+", raw)]
    figures = [is_number(raw[a:b]) or is_nil(raw[a:b]) for a, b in words_in]

    def item(start: int, end: int, is_figure: bool) -> Item:
        return Item(raw[start:end], line.start + start, line.start + end, is_figure, number)

    numbers = [item(a, b, True) for a, b in words_in]
    if all(figures):
        return numbers
    if len(raw) > _LONGEST:
        return []
    first = figures.index(False)
    last = len(figures) - figures[::-1].index(False)
    if first and last == len(figures):
        start = words_in[first][0]
        if begins_unit(raw, start) or (first == 1 and raw[: words_in[0][1]].isdigit() and words_in[0][1] < 4):
            return [item(words_in[0][0], words_in[-1][1], False)]
        return [*numbers[:first], item(start, words_in[-1][1], False)]
    if not first and last < len(figures) and not _caption().match(raw.strip()):
        return [item(words_in[0][0], words_in[last - 1][1], False), *numbers[last:]]
    if glued := re.match(
        r"((?:[^\u4e00-\u9fff\s]+[ \t\u3000\xa0]+)*[\d,]*\d(?:,\d{3}|\.\d+)[%％]?)(?=[\u4e00-\u9fff(（《“])", raw
    ):
        behind = glued.end()
        before = raw[:behind].split()
        if all(map(is_number, before)) and not begins_unit(raw, behind):
            found = [item(a, min(b, behind), True) for a, b in words_in if a < behind]
            return [*found, item(behind, len(raw.rstrip()), False)]
    return [item(words_in[0][0], words_in[-1][1], False)]


def _tables(items: list[Item], first: int, last: int, before: Pasted | None) -> Iterator[Pasted]:
    """The run cut into tables: a caption, a note of the unit or another head begins the next.

    One without a head of its own may go on with that of the table before.
    """
    starts = [0]
    seen = False
    for i, item in enumerate(items):
        if item.number:
            seen = True
        elif seen and _opens_table(item.text):
            starts.append(i)
            seen = False
    bounds = [*starts, len(items)]
    for start, end in itertools.pairwise(bounds):
        part = items[start:end]
        if sum(item.number for item in part) < 1:
            continue
        begin = part[0].line if start else first
        stop = items[end].line if end < len(items) else last
        if start and part[0].line == items[start - 1].line:
            begin = part[0].line + 1  # the rest of a line whose beginning is in the table before
        for table in _table(part, begin, stop, before):
            before = table
            yield table


def _opens_table(label: str) -> bool:
    return bool(_caption().match(label) or unit_note(label)) or _names_columns(label)


def _names_columns(label: str) -> bool:
    """Whether a line names columns: behind the name of the labels another that only says what figures are."""
    head = _Head(label)
    return len(head.names) > 1 and _name_end(label.translate(NARROW), head.names[0][1], strict=True) > head.names[0][1]


def _table(items: list[Item], first: int, last: int, before: Pasted | None) -> Iterator[Pasted]:
    opening = next(i for i, item in enumerate(items) if item.number)
    titles = max((i + 1 for i, item in enumerate(items[:opening]) if _is_caption(item.text)), default=0)
    start = items[titles].line if titles else first
    kept = [item for item in items[titles:] if item.line >= start]
    if any(item.number for item in kept):
        head = _head(kept)
        if not head.names and not titles and before and before.head.names and start - before.last <= _NEAR:
            goes_on = replace(before.head, inherited=True, upper=[], rest=None, above=None, lines=0)
            rows = _rows_by_length(kept, goes_on.coded)
            head = goes_on if _fits(goes_on.names, rows) else head
        yield Pasted(start, last, _rows(kept, head), head)


def _is_caption(label: str) -> bool:
    """Whether a line above a table is its title or note of the unit and nothing of its head."""
    return bool((_caption().match(label) or unit_note(label)) and not _names_columns(label))


def _rows_by_length(items: Sequence[Item], coded: bool) -> Counter[int]:
    """How many rows have how many numbers, codes of rows left out."""
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
    return counts


def _fits(names: Sequence[Item], rows: Counter[int], crossed: bool = False) -> bool:
    """Whether the columns are as many as the numbers of most rows, or of the longest where others leave some out."""
    columns = _value_columns(names)
    if not columns or not rows:
        return False
    if len({name.text for name in names}) < len(names) and not crossed:
        return False  # which of them is of which group cannot be told
    return columns == max(sorted(rows), key=lambda count: rows[count]) or (columns == max(rows) and rows[columns] > 1)


@dataclass(slots=True)
class _Names:
    """The names of columns with where they stand, the label that names the rows, and what is left for the first row.

    `upper` are names that stand above equally many columns each. Of an `inherited` head nothing stands here.
    """

    names: list[Item] = field(default_factory=list)
    upper: list[Item] = field(default_factory=list)
    each: int = 1
    inherited: bool = False
    rest: Item | None = None
    above: Item | None = None
    lines: int = 0
    coded: bool = False


class _Head:
    """A head that may be run together: what stands before it, its names, and what is left behind them."""

    def __init__(self, label: str):
        plain = label.translate(NARROW)
        openings = [
            m for m in _row_label().finditer(plain) if m.end() == len(plain) or _name_end(plain, m.end()) > m.end()
        ]
        readings = [_names_from(plain, m) for m in openings]
        self.names = max(readings, key=lambda names: (len(names), names[-1][1]), default=[])
        self.start = self.names[0][0] if self.names else 0


def _names_from(plain: str, opening: re.Match[str]) -> list[tuple[int, int]]:
    """The names of columns in a row, from that of the labels on."""
    names = [opening.span()]
    while (end := _name_end(plain, names[-1][1])) > names[-1][1]:
        names.append((names[-1][1], end))
    return names


@cache
def _row_label() -> re.Pattern[str]:
    """The head of the column of labels, at the beginning of a line or behind a title or the note of the unit."""
    label = next(entry["pattern"] for entry in words("tables")["roles"] if entry["role"] == "label")
    return re.compile(rf"(?:(?<=^)|(?<=[^\d、]))(?:{label})")


@cache
def _caption() -> re.Pattern[str]:
    return re.compile(words("tables")["caption"]["pattern"])


@cache
def _plain_names(strict: bool) -> tuple[re.Pattern[str], ...]:
    """Patterns for the name of a column by the words that such names are made of, without its period.

    The strict ones say what figures are and not what they measure.
    """
    data = table_words()
    patterns = [entry["pattern"] for kind in ("attributes", "modalities", "periods") for entry in data[kind]]
    patterns += [entry["pattern"] for entry in data["roles"] if entry["role"] in ("unit", "note", "order")]
    patterns += [
        "(?:{})".format("|".join([*data["plain_amounts"], *data["amounts"]])),
        "(?:{})".format("|".join(data["versions"])),
    ]
    if not strict:
        patterns.append(data["measures"]["pattern"])
    return tuple(re.compile(f"(?:{pattern})") for pattern in patterns)


@cache
def _period_name() -> re.Pattern[str]:
    return re.compile(words("tables")["period"]["pattern"])


@lru_cache(maxsize=10_000)
def _name_end(plain: str, at: int, strict: bool = False) -> int:
    """Where the name of a column that begins here ends, the longest that does; `at` itself where none begins."""
    period = _period_name().match(plain, at)
    behind = period.end() if period else at
    ends = [m.end() for pattern in _plain_names(strict) for start in {at, behind} if (m := pattern.match(plain, start))]
    end = max([*ends, behind])
    if end > at and (m := _UNIT_BEHIND.match(plain, end)):
        end = m.end()
    return end


def _head(items: list[Item]) -> _Names:
    """The names of the columns, where they come out as many as the rows have numbers; none elsewhere."""
    opening = next(i for i, item in enumerate(items) if item.number)
    above = items[:opening]
    if not above:
        return _Names()
    places = [item.start + i for item in above for i, c in enumerate(item.text) if not c.isspace()]
    joined = "".join("".join(item.text.split()) for item in above)
    head = _Head(joined)
    spans, start = head.names, head.start
    if spans and start and role_of(joined[:start]) == "order":
        spans, start = [(0, start), *spans], 0
    names = [_item(joined, places, a, b, above) for a, b in spans]
    names = names if any(role_of(name.text) == "label" for name in names) else []
    before = _item(joined, places, 0, start, above) if start else None
    coded = _is_coded(names)
    rows = _rows_by_length(items[opening:], coded)
    for parted in _parted(above, items[opening]):
        columns = [_item(joined, places, a, b, above) for a, b in parted]
        if role_of(columns[0].text) == "label" and _fits(columns, _rows_by_length(items[opening:], coded=False)):
            label = _item(joined, places, parted[-1][1], len(joined), above)
            ahead = _item(joined, places, 0, parted[0][0], above) if parted[0][0] else None
            return _Names(columns, rest=label, above=ahead, lines=len(above))
    # What reads like the names of columns at the end may be the label of the first row.
    for count in _counts(names):
        kept, end = names[:count], spans[count - 1][1]
        if len(joined) - end > _LONGEST_LABEL:
            break
        for reading in (_crossed(kept), *map(_Names, (kept, _without_amounts(kept), *_sides(kept)[:1]))):
            if reading and _fits(reading.names, rows, bool(reading.upper)):
                rest = _item(joined, places, end, len(joined), above) if end < len(joined) else None
                return replace(reading, rest=rest, above=before, lines=len(above), coded=coded)
    return _head_by_lines(above, items[opening:])


def _parted(above: list[Item], first: Item) -> Iterator[list[tuple[int, int]]]:
    """The names of a head on one line as spaces part them, the first row being on the next, by their places in what
    stands above without its spaces; none of a head of several lines.
    """
    if len(above) < 2 or above[-1].line != first.line or above[-2].line == first.line:
        return
    start = sum(len("".join(item.text.split())) for item in above[:-2])
    for gap in _GAPS:
        lengths = [len("".join(name.split())) for name in gap.split(above[-2].text.strip())]
        ends = list(itertools.accumulate(lengths, initial=start))
        yield list(itertools.pairwise(ends))


def _counts(names: Sequence[Item]) -> Iterator[int]:
    """How many of some names there may be: all, and fewer where the last is the name of something that is measured."""
    for count in range(len(names), 0, -1):
        yield count
        last = names[count - 1].text.translate(NARROW)
        if _name_end(last, 0, strict=True) == len(last) and not _is_total(last):
            return


def _head_by_lines(above: list[Item], body: list[Item]) -> _Names:
    """A head with a name a line, from that of the labels on; behind it the label of the first row.

    Names may be broken over lines, so only that of a table of many short names may be followed by more than one line.
    """
    start = next((i for i, item in enumerate(above[:3]) if role_of(item.text) in ("label", "order")), len(above))
    columns = above[start:]
    if not any(role_of(item.text) == "label" for item in columns[:2]):
        return _Names()
    coded = _is_coded(columns[:2])
    rows = _rows_by_length(body, coded)
    for last in range(len(columns) - 1, 1, -1):
        names, behind = columns[:last], columns[last:]
        if any(len(name.text.split()) > 2 or len(_UNITS.findall(name.text)) > 1 for name in names):
            continue  # several names on a line
        short = last > _MANY and all(len(name.text) <= _SHORT for name in names)
        if len(behind) > 1 and not short:
            break
        if _fits(names, rows):
            return _Names(names, rest=behind[-1], lines=len(above), coded=coded)
    return _Names()


def _crossed(names: list[Item]) -> _Names | None:
    """A head of two lines: some names, and below each of them the same few; None where it is none.

    Behind the first line may stand a name or two of columns at the right that have nothing below.
    """
    first = next((i for i, name in enumerate(names) if not role_of(name.text)), len(names))
    left, named = names[:first], names[first:]
    for groups in range(2, len(named) // 3 + 1):
        for single in range(3):
            upper, alone, lower = named[:groups], named[groups : groups + single], named[groups + single :]
            each = len(lower) // groups
            rows = {tuple(name.text for name in lower[i : i + each]) for i in range(0, len(lower), max(1, each))}
            if each > 1 and len(lower) % groups == 0 and len(rows) == 1:
                return _Names([*left, *lower, *alone], upper, each=each)
    return None


def _is_total(label: str) -> bool:
    return label in words("tables")["totals"]


def _without_amounts(names: list[Item]) -> list[Item]:
    """The columns of a head of two lines, the first of which names the amounts that the second repeats."""
    amounts = words("tables")["plain_amounts"]
    named = [name for name in names[1:] if name.text not in amounts and not _is_rate(name.text)]
    if len(named) < sum(name.text in amounts for name in names):
        return names
    return [name for name in names if name.text not in amounts]


def _is_rate(name: str) -> bool:
    """Whether a column holds growth, shares or rates and no amounts."""
    plain = name.translate(NARROW)
    return any(re.search(entry["pattern"], plain) for entry in table_words()["attributes"])


def _sides(names: list[Item]) -> list[list[Item]]:
    """The columns of each side of a table that has two alike (receipts and payments); none where they are not alike."""
    starts = [i for i, name in enumerate(names) if role_of(name.text) == "label"]
    sides = [names[a:b] for a, b in zip(starts, [*starts[1:], len(names)], strict=False)]
    alike = len({tuple(name.text for name in side[1:]) for side in sides}) == 1
    return sides if alike and starts[:1] == [0] else []


def _is_coded(names: Sequence[Item]) -> bool:
    """Whether one of the columns numbers or codes the rows."""
    return any(role_of(name.text) == "order" for name in names)


def _value_columns(names: Sequence[Item]) -> int:
    return len(_values(names))


def _values(names: Sequence[Item]) -> list[int]:
    """Which columns hold figures: behind the first of them nothing names rows any more."""
    roles = [role_of(name.text) for name in names]
    first = next((i for i, role in enumerate(roles) if not role), len(roles))
    beside = words("tables")["sides"]
    return [
        i
        for i, role in enumerate(roles)
        if not role or (i > first and role == "label") or (i and names[i].text in beside)
    ]


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
        if head.upper:
            first = next(i for i, name in enumerate(head.names) if not role_of(name.text))
            cells += [_placed(name, row, first + i * head.each, head.each) for i, name in enumerate(head.upper)]
            row += 1
        cells += [_placed(name, row, column, shown=not head.inherited) for column, name in enumerate(head.names)]
        row += 1
        body = [*([head.rest] if head.rest else []), *items[head.lines :]]
    roles = [role_of(name.text) for name in head.names]
    values = _values(head.names)
    label_column = roles.index("label") if "label" in roles else 0
    unit_column = roles.index("unit") if "unit" in roles else None
    pointed = sum("." in item.text for item in body if item.number)
    coded = "order" in roles or 2 * pointed > sum(item.number for item in body)
    for labels, numbers in _grouped(body):
        # Where amounts have decimals, a whole number of so many digits is the code of a row.
        codes = [number for number in numbers if coded and _CODE.fullmatch(number.text)]
        codes = codes if "order" in roles else [code for code in codes if len(code.text) in _CODE_LENGTHS]
        figures = [number for number in numbers if number not in codes] if codes else numbers
        unit = (
            labels.pop() if unit_column is not None and len(labels) > 1 and units().unit_of(labels[-1].text) else None
        )
        if len(labels) > 1 and _goes_on(labels[-2].text, labels[-1].text):
            labels[-2:] = [_joined(*labels[-2:])]
        for label in labels[:-1]:
            cells.append(_placed(label, row, label_column))
            row += 1
        even = bool(values) and len(figures) == len(values) and bool(labels) and len(codes) < 2
        here = [_placed(label, row, label_column) for label in labels[-1:]]
        here += [_placed(unit, row, unit_column)] if unit and unit_column is not None else []
        told = figures if even else []
        order = roles.index("order") if "order" in roles else UNKNOWN
        here += [_placed(code, row, order) for code in codes[:1] if even or not figures]
        here += [_placed(number, row, column) for number, column in zip(told, values, strict=False)]
        here += [_placed(number, row, UNKNOWN) for number in (numbers if figures and not even else codes[1:])]
        cells += here
        row += 1
    numbers_in = [cell for cell in cells if is_number(cell.text)]
    readable = 2 * sum(cell.column != UNKNOWN for cell in numbers_in) >= len(numbers_in)
    heads = 1 + bool(head.above) + bool(head.upper)
    return PlacedTable(cells, heads if head.names and readable else 0)


def _goes_on(label: str, following: str) -> bool:
    """Whether a label is broken over two lines: a long one, and a few characters that no number opens."""
    if depth(following) is not None or following[0] in "（(":
        return False
    rest = len(re.split("[（(]", following)[0])
    return (len(label) >= _LONG and rest <= _FEW) or (len(label) >= _FEW and rest <= 2)


def _joined(label: Item, following: Item) -> Item:
    return Item(
        label.text + following.text, label.start, following.end, False, label.line, (label.end, following.start)
    )


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


def _placed(item: Item, row: int, column: int, columns: int = 1, shown: bool = True) -> Placed:
    runs = [(item.start, item.gap[0]), (item.gap[1], item.end)] if item.gap else [(item.start, item.end)]
    return Placed(item.text.strip(), runs if shown else [], row, column, columns=columns)
