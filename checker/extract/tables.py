"""Tables to figures: each cell that is a number, with the heads of its row and column and its unit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from msgspec import Struct, structs

from checker.extract.heads import (
    MARK,
    NO_HEAD,
    PERCENT,
    PERMILLE,
    Head,
    entity_of,
    is_numbered,
    is_year,
    opens_parts,
    path_head,
    place_named,
    read_head,
    read_labels,
    take_unit,
    titled,
    without_gloss,
    without_marks,
)
from checker.extract.headwords import Heads
from checker.extract.language import Language
from checker.extract.names import head_of_parts, list_head
from checker.extract.quantities.token import Token
from checker.model import Cell, Table
from checker.places import Place
from checker.read.tables import is_nil, is_number, narrow
from checker.units import Unit, Units

_DIGITS = re.compile(r"\d[\d,，]*(?:[.．]\d+)?|[.．]\d+")
_FALL = re.compile(r"^[-−－–‑‐↓▼△]|^[(（]")
_PERCENT = re.compile("[%％]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_UNIT = 8
# No more labels than these name a row or column; what is longer than any is cut, since each figure has its own.
_MOST_LABELS = 8
_LONGEST_LABEL = 300
# Columns below one name are no more than these.
_WIDEST_GROUP = 60
# No percentage of a report is as large as this: the columns of the row are not those of the head.
_NO_PERCENTAGE = 10_000
# How many parts of a whole are looked for, and by how much of its last digit each may be rounded.
_MOST_PARTS = 12
_ROUNDING = Decimal("0.5")
# The label of a part that is no longer than this has its whole behind it in its name.
_SHORT = 8
_NAMING = re.compile("[\u4e00-\u9fffA-Za-z]|(?:19|20)\\d\\d")


class Figure(Struct, frozen=True):
    """A number in a table: its token, and the heads of its row and of its column; of a figure without one, the reason.

    `owner` is the label of the row that this one is a part of, where its own label alone does not tell it apart.
    `row` are the labels of the row, the widest first, and `of_money` says that the amounts of its table are money.
    """

    cell: Cell
    token: Token | None
    row: tuple[Head, ...] = ()
    column: Head = NO_HEAD
    reason: str = ""
    owner: str = ""
    place: str = ""
    of_money: bool = False


def figures(table: Table, flat: str, near: tuple[Place, ...], language: Language) -> Iterator[Figure]:
    """Every cell of a table that holds a number and nothing else, in order; `near` helps to tell places apart."""
    columns = _columns(table, near, language)
    roles = {column: head.role for column, head in columns.items()}
    labels = _label_columns(table, columns)
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        if cell.column < 0:
            if is_number(cell.text):
                yield Figure(cell, None, reason="table gap" if table.heads else "table without header")
            continue
        for row in range(cell.row, cell.row + cell.rows):
            rows.setdefault(row, {})[cell.column] = cell
    units = [column for column, role in roles.items() if role == "unit"]
    whole = _is_readable(table, columns, labels)
    noted = [unit.dimension for unit in map(language.heads.units.unit_of, re.split("[、/]", table.unit)) if unit]
    of_money = "money" in noted
    areas = any(language.heads.areas.fullmatch(narrow(columns[column].text)) for column in labels if column in columns)
    above = ""
    listed = _listed(labels, roles)
    owners = _owners(table, rows, labels, near, language) if listed is None else _told_apart(rows, listed, language)
    for row, cells in rows.items():
        if row < table.heads:
            continue
        label_cells = {column: cell for column, cell in cells.items() if column in labels}
        order = sorted(label_cells)
        if len(cells) == 1 and label_cells:
            above = next(iter(label_cells.values())).text
        unit_cell = next((cells[column].text for column in units if column in cells), "")
        for column, cell in cells.items():
            text = flat[cell.start : cell.end]
            if cell.row != row or not is_number(MARK.sub("", text)) or cell.start == cell.end:
                continue
            head = columns.get(column, NO_HEAD)
            named = [label_cells[listed].text] if listed in label_cells else _labels(label_cells, order, column)
            if (column in labels and not (row == 0 and not table.heads)) or head.role in ("order", "note", "unit"):
                yield Figure(cell, None, reason="label")
            elif not whole or not any(_names_something(text, language.heads) for text in named):
                yield Figure(cell, None, reason="table without header")
            else:
                if units and not unit_cell:
                    named, unit_cell = _split_unit(named, language.heads.units)
                row_heads, place, company = read_labels(named, near, language, areas)
                if above and _is_total(row_heads, language.heads):
                    row_heads = (read_head(above, language, row=True), *row_heads)
                unit = _unit(text, head, row_heads, unit_cell, table, language.heads)
                token = _token(cell, text, unit) if unit else None
                if token and token.unit == PERCENT and abs(token.value) >= _NO_PERCENTAGE:
                    yield Figure(cell, None, reason="table gap")
                    continue
                owner = company or head.owner or owners.get(row, "")
                reason = "" if token else "table without unit"
                yield Figure(cell, token, row_heads, head, reason, owner, place or head.place, of_money)


def _columns(table: Table, near: tuple[Place, ...], language: Language) -> dict[int, Head]:
    """What is above each column, from the top down, each text once."""
    paths: dict[int, dict[str, None]] = {}
    for cell in table.cells:
        if cell.row >= table.heads:
            continue
        for column in range(cell.column, cell.column + cell.columns):
            path = paths.setdefault(column, {})
            if len(path) < _MOST_LABELS:
                path[cell.text[:_LONGEST_LABEL]] = None
    heads: dict[int, Head] = {}
    amounts: list[Head] = []
    for column in sorted(paths):
        head = path_head(tuple(paths[column]), near, language)
        if head.attribute and not head.modality and amounts:
            amount = _grown(amounts) if head.attribute == "growth" else amounts[-1]
            head = replace(head, modality=amount.modality, beside=amount.text, name=head.name or amount.name)
        elif not head.attribute and not head.role:
            amounts = [*amounts, head] if amounts and heads.get(column - 1) is amounts[-1] else [head]
        heads[column] = head
    groups: dict[str, list[Head]] = {}
    for column, path in paths.items():
        if len(path) > 1:
            groups.setdefault(next(iter(path)), []).append(heads[column])
    return {
        column: _with_unit_of(groups.get(next(iter(paths[column])), []), head, language)
        for column, head in heads.items()
    }


def _grown(amounts: Sequence[Head]) -> Head:
    """Of the amounts in front of their growth that which has grown: the one of the latest year, else the last."""
    of_one = [head for head in amounts if head.name == amounts[-1].name and _YEAR.search(head.text)]
    return max(of_one, key=lambda head: _YEAR.findall(head.text)[-1]) if amounts[-1] in of_one else amounts[-1]


def _with_unit_of(group: list[Head], head: Head, language: Language) -> Head:
    """A head without a unit with that of the heads below the same name: of those of its kind, or of all."""
    if head.unit or head.role or head.attribute or len(group) > _WIDEST_GROUP:
        return head
    kind, units = list_head(head.name, language.naming), language.heads.units
    known = [other for other in group if not other.attribute and units.unit_of(other.unit)]
    named = {other.unit for other in known if kind and other.name.endswith(kind)} or {other.unit for other in known}
    return replace(head, unit=named.pop()) if len(named) == 1 else head


def _label_columns(table: Table, columns: dict[int, Head]) -> set[int]:
    """The columns that name the rows: by their head, since most of their cells are words, or since all are years."""
    numbers: dict[int, int] = {}
    texts: dict[int, int] = {}
    others: set[int] = set()  # the columns that hold more than years
    for cell in table.cells:
        if cell.row >= table.heads:
            counts = numbers if is_number(cell.text) or is_nil(cell.text) else texts
            counts[cell.column] = counts.get(cell.column, 0) + 1
            others |= set() if is_year(cell.text) else {cell.column}
    years = (texts.keys() | numbers.keys()) - others
    named = {
        column
        for column, head in columns.items()
        if (head.role == "label" and texts.get(column)) or (column in years and (head.role == "label" or not head.text))
    }
    wordy = {column for column, count in texts.items() if count > numbers.get(column, 0)}
    roles = {column for column, head in columns.items() if head.role in ("order", "unit", "note")}
    return (named | wordy) - roles


def _listed(labels: set[int], roles: Mapping[int, str]) -> int | None:
    """The column that names the rows of a list whose other columns of words only describe them; None elsewhere."""
    names = [column for column in sorted(labels) if roles.get(column) == "label"]
    return names[0] if names and sum(column > names[0] for column in labels) - len(names) > 0 else None


def _told_apart(rows: Mapping[int, Mapping[int, Cell]], listed: int, language: Language) -> dict[int, str]:
    """For each row of a list whose name stands there more than once, which of them it is."""
    alike: dict[str, list[int]] = {}
    for row, cells in rows.items():
        if listed in cells:
            alike.setdefault(narrow(cells[listed].text), []).append(row)
    item = language.clauses.listing.item
    return {
        row: item.format(n=n, count=len(group))
        for group in alike.values()
        for n, row in enumerate(group, 1)
        if len(group) > 1
    }


def _is_readable(table: Table, columns: dict[int, Head], labels: set[int]) -> bool:
    """Whether it is known what the columns hold: they are named, or there is but one."""
    if table.heads:
        return True
    values = {cell.column for cell in table.cells if is_number(cell.text)} - labels
    return len(values) == 1 and -1 not in values and bool(labels)


def row_labels(table: Table, columns: Iterable[int]) -> list[tuple[dict[int, str], list[int]]]:
    """The texts that name the rows below the head, each time with those of these columns that they may be for.

    They stand in the first cell that is no number, or else in the nearest to the left, where a table has two halves.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.row >= table.heads and not is_number(cell.text) and not is_nil(cell.text):
            rows.setdefault(cell.row, []).append(cell)
    named = [({row: cells[0].text for row, cells in rows.items()}, list(columns))]
    for column in named[0][1]:
        left = {row: [cell.text for cell in cells if cell.column < column] for row, cells in rows.items()}
        nearest = {row: texts[-1] for row, texts in left.items() if texts}
        known = next((some for labels, some in named if labels == nearest), None)
        if known is None:
            named.append((nearest, [column]))
        elif column not in known:
            known.append(column)
    return named


def _owners(
    table: Table, rows: dict[int, dict[int, Cell]], labels: set[int], near: tuple[Place, ...], language: Language
) -> dict[int, str]:
    """For each row whose label does not tell it apart the one that it is a part of, by name.

    That is a row whose label stands there more than once, and one of a group of parts that is no known indicator. A row
    that gives its place or year beside its name is told apart by that.
    """
    named = {
        row: [
            read_head(without_gloss(cell.text), language, row=True)
            for column, cell in sorted(cells.items())
            if column in labels and cell.row == row
        ]
        for row, cells in rows.items()
        if row >= table.heads and not _says_where_or_when(cells, labels, near)
    }
    heads = {row: row_heads[0] for row, row_heads in named.items() if row_heads and row_heads[0].name}
    texts = {
        row: cell.text for row, cells in rows.items() for c, cell in sorted(cells.items(), reverse=True) if c in labels
    }
    alike_of = {
        row: (without_marks(narrow(texts[row]), language.heads), head.attribute, head.unit)
        for row, head in heads.items()
    }
    often = Counter(alike_of.values())
    values = _first_values(rows, labels)
    owners: dict[int, str] = {}
    parent, whole, members = "", -1, set[int]()
    for row, head in heads.items():
        alike = often[alike_of[row]]
        if opens_parts(texts[row], language.heads) and row not in members:
            # Behind some parts of a whole may stand others of the same: by sex and by age.
            whole = whole if row - 1 in members else row - 1
            members = {row, *_members(row, whole, values, heads, texts)}
        if alike > 1 or (row in members and not language.metrics.concept_of(head.name)):
            owners[row] = parent
        elif row not in members:
            parent = head.name
    return owners


def _says_where_or_when(cells: dict[int, Cell], labels: set[int], near: tuple[Place, ...]) -> bool:
    """Whether a row has a label that is a place or a year, beside another."""
    texts = [cell.text for column, cell in cells.items() if column in labels]
    return len(texts) > 1 and any(is_year(text) or place_named(narrow(text), near) for text in texts)


def _first_values(rows: dict[int, dict[int, Cell]], labels: set[int]) -> dict[int, Decimal]:
    """The first figure of each row."""
    values: dict[int, Decimal] = {}
    for row, cells in rows.items():
        number = next((cells[c].text for c in sorted(cells) if c not in labels and is_number(cells[c].text)), "")
        if m := _DIGITS.search(number):
            values[row] = Decimal(_plain_digits(m[0]))
    return values


def _members(
    first: int, above: int, values: dict[int, Decimal], heads: dict[int, Head], texts: dict[int, str]
) -> list[int]:
    """The rows behind the first of some parts that are parts with it: those that add up to the whole above."""
    whole, total = values.get(above), values.get(first)
    if whole is None or total is None:
        return []
    members: list[int] = []
    for row in range(first + 1, first + 1 + _MOST_PARTS):
        if row not in values or row not in heads or is_numbered(texts[row]):
            return []
        members.append(row)
        total += values[row]
        if abs(total - whole) <= _ROUNDING * (len(members) + 1) * Decimal(1).scaleb(int(whole.as_tuple().exponent)):
            return members
        if total > whole:
            return []
    return []


def _labels(label_cells: dict[int, Cell], order: Sequence[int], column: int) -> list[str]:
    """The labels that name the row of a figure: those in the columns next to each other left of it, nearest last.

    `order` are the columns that hold labels in this row, from the left.
    """
    end = bisect_left(order, column) or min(1, len(order))
    start = end
    while start > max(0, end - _MOST_LABELS) and (start == end or order[start] - order[start - 1] == 1):
        start -= 1
    return [label_cells[c].text[:_LONGEST_LABEL] for c in order[start:end] if label_cells[c].text.strip()]


def _names_something(label: str, known: Heads) -> bool:
    """Whether a label is more than the rest of a date, a number or signs."""
    return bool(_NAMING.search(known.day.sub("", label)))


def _split_unit(labels: list[str], units: Units) -> tuple[list[str], str]:
    """Labels, and the unit that the last of them ends with where the column of units was run together with it."""
    last = labels[-1]
    for length in range(min(len(last) - 2, _LONGEST_UNIT), 0, -1):
        if units.unit_of(narrow(last[-length:])):
            return [*labels[:-1], last[:-length]], last[-length:]
    return labels, ""


def _is_total(heads: tuple[Head, ...], known: Heads) -> bool:
    """Whether a label only says that others are added up."""
    return bool(heads) and (not heads[-1].name or known.total.fullmatch(heads[-1].name) is not None)


def _unit(text: str, column: Head, row: tuple[Head, ...], unit_cell: str, table: Table, known: Heads) -> Unit | None:
    """The unit of a figure: printed behind it, or given by column, row, unit column or the note of the table."""
    unit_of = known.units.unit_of
    if _PERCENT.search(text):
        return unit_of(PERCENT)
    if PERMILLE in text:
        return unit_of(PERMILLE)
    given = [column.unit, *(head.unit for head in reversed(row)), narrow(unit_cell)]
    own = next((unit for unit in map(unit_of, given) if unit), None)
    attribute = column.attribute or next((head.attribute for head in row if head.attribute), "")
    if own and (
        own.name in (PERCENT, PERMILLE) or own.dimension == "point" or attribute not in ("growth", "share", "rate")
    ):
        return own
    if attribute in ("growth", "share", "rate"):
        return unit_of(PERCENT)
    noted = [unit for unit in map(unit_of, re.split("[、/]", table.unit)) if unit]
    amounts = [unit for unit in noted if unit.name != PERCENT]
    if len(amounts) == 1:
        return amounts[0]
    if not noted and (in_title := take_unit(narrow(table.title), known)[0]):
        return unit_of(in_title)
    named = (column.text, table.title, *(head.text for head in row))
    if not noted and any(known.index.search(narrow(text)) for text in named):
        return Unit("", "", Decimal(1))
    return None


def _token(cell: Cell, text: str, unit: Unit) -> Token | None:
    """The quantity that a cell prints."""
    m = _DIGITS.search(text)
    if not m:
        return None
    value = Decimal(_plain_digits(m[0]))
    step = Decimal(1).scaleb(int(value.as_tuple().exponent)) * unit.factor
    sign = -1 if _FALL.match(text.strip()) else 1
    first = cell.start + m.start()
    start = cell.start + len(text) - len(text.lstrip())
    return Token(
        start,
        cell.start + len(text.rstrip()),
        first,
        first + len(m[0]),
        sign * value * unit.factor,
        step,
        step,
        unit.name,
        unit.dimension,
        before=start,
        scaled=unit.factor,
    )


def _plain_digits(digits: str) -> str:
    return digits.replace(",", "").replace("，", "").replace("．", ".").translate(_NARROW_DIGITS)


_NARROW_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def metric(figure: Figure, title: str, language: Language) -> tuple[str, str]:
    """What a figure measures, and what that belongs to: an area or a company of its own as well."""
    known, name = language.heads, figure.column.name
    by_area = name and known.by_area.search(narrow(title)) and not known.total.fullmatch(name)
    if by_area and not (list_head(name, language.naming) or language.metrics.concept_of(name)):
        return _metric(structs.replace(figure, column=replace(figure.column, name=""), owner=name), title, language)
    measured, owner = _metric(figure, title, language)
    return measured, "·".join(filter(None, (entity_of(title, known), owner)))


def _metric(figure: Figure, title: str, language: Language) -> tuple[str, str]:
    """What a figure measures, by its row, its column and, where both only add up or say nothing, its title; and what
    that belongs to.
    """
    known, naming = language.heads, language.naming
    row = next((head.name for head in reversed(figure.row) if head.name), "")
    column = known.generic.sub("", figure.column.name)
    subject = titled(title, language) if column else ""
    if column and not row and subject.endswith(column):
        return subject, figure.owner  # 利率 in a table of 贷款加权平均利率
    measure = list_head(subject, naming)
    column = measure if column and measure.endswith(column) else column
    complete = list_head(row, naming) or language.metrics.concept_of(row)
    if known.total.fullmatch(row) and not column:
        return (titled(title, language) if len(row) < 3 else "") + row, figure.owner
    if not row or known.total.fullmatch(row):
        return column or titled(title, language), figure.owner
    if not column or known.total.fullmatch(column) or column in row:
        measure = head_of_parts(titled(title, language), naming)
        if row.endswith(language.clauses.groups) and measure in naming.heads_of_parts.values():
            return row + measure, ""
        if complete or figure.of_money or (figure.token and figure.token.dimension == "money"):
            return row, figure.owner
        if measure:
            return row + measure, ""
        return (row + figure.owner, "") if len(row) <= _SHORT else (row, figure.owner)
    if row in column:
        return column, figure.owner
    flows = list_head(row, naming) and not list_head(column, naming)
    return column + row if flows else row + column, figure.owner
