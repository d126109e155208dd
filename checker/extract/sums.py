"""Sums that the rows of a table state: a total and what it adds up, by their labels and borne out by their figures.

A total adds up the numbered rows above it or, at the top of a table, those below; a numbered row the rows one step
deeper below it, and one without a number those that follow where two columns say so. Labels alone do not tell what a
total holds, so rows are taken for its parts only where figures bear it
out: those of another column, or of rows that go by the same labels in another table of the document. Columns that do
not add up are then worth a look. Where none does, they are so only if a single slip keeps them from it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from checker.extract.heads import is_total, opens_parts
from checker.extract.headwords import Heads
from checker.extract.language import Language
from checker.extract.quantities import Quantities
from checker.extract.quantities.numerals import value_of
from checker.extract.readings import but_for_a_slip
from checker.model import Claim
from checker.read.headings import depth
from checker.read.tables import narrow

_NUMBER = re.compile(r"\d{1,2}")
# Of so few parts a sum may come out by chance.
_FEWEST = 3
_HALF = Decimal("0.5")
# Slips that a figure may have had, about; so seldom do they make up a total by chance.
_SLIPS, _CHANCE = 130, Decimal("0.01")
# How many rows without a number may be the parts of the one above, which has as many digits.
_MOST_PARTS, _DIGITS = 12, 4
# What is so near its total, as a part of it, is meant to make it up.
_NEAR = Decimal("0.02")


class Rows(NamedTuple):
    """The labels of the rows of a table, and the numbers of the claims of the columns they are for, by row."""

    labels: Mapping[int, str]
    columns: Sequence[Mapping[int, int]]


def across(labels: Mapping[int, str], columns: Mapping[int, Mapping[int, int]], language: Language) -> list[Rows]:
    """A table of amounts whose first or last column adds up the others, as rows with the total first; else none.

    `labels` are the heads of its columns, and `columns` the numbers of their claims by row.
    """
    ends = sorted(columns)
    if len(ends) < _FEWEST or not any(_is_whole(labels[end], language) for end in (ends[0], ends[-1])):
        return []
    last = ends[-1] + 1 if _is_whole(labels[ends[-1]], language) else 0
    keys = {column: last - column if last else column for column in ends}
    rows: dict[int, dict[int, int]] = defaultdict(dict)
    for column in ends:
        for row, claim in columns[column].items():
            rows[row][keys[column]] = claim
    return [Rows({keys[column]: labels[column] for column in ends}, list(rows.values()))]


class _Sum(NamedTuple):
    """A total and its parts, by their labels, and their claims in each column that states all of them.

    It is `closed` where a row follows that is no part of it: a table may go on overleaf. `told` says that its labels
    tell its parts, which else only the figures of other columns do; `columns` are those of `stated`, table and number.
    """

    labels: tuple[str, ...]
    closed: bool
    told: bool
    stated: list[list[int]]
    columns: list[tuple[int, int]]


def sums(rows: Sequence[Rows], claims: Sequence[Claim], language: Language) -> dict[int, tuple[int, int]]:
    """For each claim of a table that is a part in a sum the claims of its whole and of the first part, by number."""
    found: dict[int, tuple[int, int]] = {}
    possible = [one for number, table in enumerate(rows) for one in _possible(number, table, claims, language)]
    held: dict[tuple[str, ...], set[tuple[Decimal, ...]]] = defaultdict(set)
    off: dict[tuple[str, ...], set[int]] = defaultdict(set)
    balance: dict[tuple[int, int], int] = defaultdict(int)
    for one in possible:
        for terms, column in zip(one.stated, one.columns, strict=True):
            if adds := _adds_up([claims[i] for i in terms]):
                held[one.labels].add(tuple(claims[i].value for i in terms))
            else:
                off[one.labels].add(terms[0])
            balance[column] += 1 if adds else -1
    for one in possible:
        borne = len(held[one.labels])
        known = borne >= max(_FEWEST + 2 - len(one.labels), len(off[one.labels]), 1)
        closed = borne > 0 or one.closed
        # Of two parts nobody knows that they are all.
        chance = _CHANCE if borne > 0 or len(one.labels) > _FEWEST else _CHANCE / 10
        for terms, column in zip(one.stated, one.columns, strict=True):
            # A column may count what the rows below do not.
            alone = one.closed and borne > len(off[one.labels]) and balance[column] >= -1
            sums_up = known and (one.told or alone)
            if sums_up or _adds_up([claims[i] for i in terms]) or _has_slipped(claims, terms, closed, chance):
                for part in terms[1:]:
                    found.setdefault(part, (terms[0], terms[1]))
    return found


def _possible(number: int, table: Rows, claims: Sequence[Claim], language: Language) -> Iterator[_Sum]:
    """What the rows of a table may add up to by their labels, or as columns of it say."""
    groups = list(_groups(table.labels, language))
    known = {whole for whole, _, _ in groups}
    for whole, parts, closed in [*groups, *_runs(table, claims, known, language)]:
        rows = [whole, *parts]
        stated, columns = [], []
        for at, column in enumerate(table.columns):
            terms = [column[row] for row in rows if row in column]
            some = [claims[i] for i in terms]
            # A cell without a figure may be nothing or not known, unless the others make up the total.
            complete = len(terms) == len(rows) or (whole not in known and whole in column and len(terms) > _FEWEST - 1)
            # What comes in is what goes out and what is left: no parts, where that may be less than nothing.
            complete = complete and (whole in known or all(claim.value >= 0 for claim in some))
            if complete and _are_amounts(some) and (len(terms) == len(rows) or _adds_up(some)):
                stated.append(terms)
                columns.append((number, at))
        labels = tuple(narrow(table.labels[row]) for row in rows)
        yield _Sum(labels, closed, whole in known, stated, columns)


def _runs(
    table: Rows, claims: Sequence[Claim], known: Set[int], language: Language
) -> Iterator[tuple[int, list[int], bool]]:
    """Rows that are the sum of those without a number right behind them in two columns or more."""
    rows = sorted(table.labels)
    numbered = [at for at, row in enumerate(rows) if depth(narrow(table.labels[row])) is not None]
    for at, row in enumerate(rows):
        if row in known or is_total(table.labels[row], language.heads):
            continue
        after = bisect_right(numbered, at)
        below = rows[at + 1 : min([at + 1 + _MOST_PARTS, *numbered[after : after + 1]])]
        columns = [column for column in table.columns if row in column]
        ends = [_end_of_run(row, below, column, claims) for column in columns]
        often, end = max(((ends.count(end), end) for end in set(ends) if end), default=(0, 0))
        if often > 1:
            full = [column for column, one in zip(columns, ends, strict=True) if one == end]
            # Rows that are empty there may be parts that stand in other columns alone.
            while end < len(below) and not any(below[end] in column for column in full):
                end += 1
            yield row, below[:end], at + end + 1 < len(rows)


def _end_of_run(row: int, below: Sequence[int], column: Mapping[int, int], claims: Sequence[Claim]) -> int:
    """How many of the rows below one its figure is the sum of; 0 where it is of none."""
    whole, total = claims[column[row]], Decimal(0)
    if whole.attribute != "level" or whole.value < whole.step * 10 ** (_DIGITS - 1):
        return 0
    parts: list[Claim] = []
    for count, other in enumerate(below, 1):
        if other not in column:
            continue
        parts.append(claims[column[other]])
        total += parts[-1].value
        if total > whole.value + whole.step:
            return 0
        if len(parts) > 1 and _are_amounts([whole, *parts]) and _adds_up([whole, *parts]):
            return count
    return 0


def _has_slipped(claims: Sequence[Claim], terms: Sequence[int], closed: bool, most: Decimal) -> bool:
    """Whether but for one slip amounts would make up their total, and so by chance at `most` this often.

    Where a list may go on overleaf, what is missing may be another part, which often is round.
    """
    whole, parts = claims[terms[0]], terms[1:]
    if whole.value <= 0:
        return False
    over = sum((claims[i].value for i in parts), Decimal(0)) - whole.value
    more = abs(over)
    if more <= sum(claims[i].step for i in terms):  # cut off instead of rounded
        return False
    near = more <= _NEAR * whole.value
    chance = _SLIPS * len(terms) * whole.step / whole.value
    if most < _CHANCE and chance > most:
        return False
    round_ = len(more.normalize().as_tuple().digits) < _FEWEST
    # What makes up more than the total wants for no part that is overleaf.
    closed = closed or (over > 0 and all(claims[i].value >= 0 for i in parts))
    hardly = near or chance <= _CHANCE if closed else not round_ and chance <= _CHANCE / 10
    return hardly and but_for_a_slip(claims, parts, whole.value, terms[0], digits=_FEWEST)


def _are_amounts(claims: Sequence[Claim]) -> bool:
    """Whether these are amounts in one unit."""
    return len({claim.unit for claim in claims}) == 1 and all(claim.attribute == "level" for claim in claims)


def _adds_up(claims: Sequence[Claim]) -> bool:
    """Whether the first is the sum of the others, but for the rounding of each."""
    whole, *parts = claims
    slack = _HALF * sum(claim.step for claim in claims)
    return abs(sum((part.value for part in parts), Decimal(0)) - whole.value) <= slack


def _groups(labels: Mapping[int, str], language: Language) -> Iterator[tuple[int, list[int], bool]]:
    """Rows that may be a whole, each with the rows that may be all its parts, and whether another ends them."""
    rows = sorted(labels)
    plain = {row: narrow(labels[row]) for row in rows}
    deep = {row: depth(plain[row]) for row in rows}
    totals = [row for row in rows if _is_whole(labels[row], language)]
    adding = set(totals)
    numbered = partial(_numbered, plain=plain, deep=deep, quantities=language.quantities)
    for before, row in pairwise([-1, *totals]):
        above = rows[bisect_right(rows, before) : bisect_left(rows, row)]
        parts = numbered(above)
        if not parts and row == rows[0]:
            below = rows[1 : bisect_left(rows, totals[1])] if len(totals) > 1 else rows[1:]
            parts = numbered(below) or ([] if _is_ordered(below, labels, deep, language.heads) else below)
        if len(parts) > 1:
            yield row, parts, parts[0] < row or parts[-1] < rows[-1]
    for i, row in enumerate(rows):
        own = deep[row]
        if own is None or row in adding:
            continue
        below = []
        for other in rows[i + 1 :]:
            step = deep[other]
            if other in adding or (step is not None and step <= own):
                break
            below.append(other)
        parts = numbered(below)
        if len(parts) > 1:
            yield row, parts, below[-1] < rows[-1]


def _is_whole(label: str, language: Language) -> bool:
    """Whether a label says that its figures add up others, or are of the whole place (全市)."""
    plain, known = narrow(label), language.heads
    return is_total(label, known) or plain in known.whole_place or language.tiers.scope_of.get(plain) == ""


def _is_ordered(rows: Sequence[int], labels: Mapping[int, str], deep: Mapping[int, int | None], known: Heads) -> bool:
    """Whether some rows are of several steps, so that not all of them are parts of one whole."""
    return any(deep[row] is not None or opens_parts(labels[row], known) for row in rows)


def _numbered(
    rows: Sequence[int], plain: Mapping[int, str], deep: Mapping[int, int | None], quantities: Quantities
) -> list[int]:
    """The rows of the highest numbering among some, where it counts from one without a gap; none elsewhere."""
    steps = [step for row in rows if (step := deep[row]) is not None]
    parts = [row for row in rows if steps and deep[row] == min(steps)]
    numbers = [_number(plain[row], quantities) for row in parts]
    return parts if numbers == list(range(1, len(numbers) + 1)) else []


def _number(label: str, quantities: Quantities) -> int:
    """The number that a label begins with, in digits or numerals; 0 where it begins with none."""
    at = int(label.startswith("("))
    if m := _NUMBER.match(label, at):
        return int(m[0])
    m = quantities.numeral.match(label, at)
    return int(value_of(m[0].translate(quantities.plain), quantities.numeral_values) or 0) if m else 0
