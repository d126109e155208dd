"""Sums that the rows of a table state: a total and what it adds up, by their labels and borne out by their figures.

A total adds up the numbered rows above it or, at the top of a table, those below; a numbered row the rows one step
deeper below it. Labels alone do not tell what a total holds, so rows are taken for its parts only where the figures of
some column add up; those of another column that do not are then worth a look.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise

from checker.extract.heads import is_total, opens_parts
from checker.extract.headwords import Heads
from checker.extract.language import Language
from checker.extract.quantities import Quantities
from checker.extract.quantities.numerals import value_of
from checker.model import Claim
from checker.read.headings import depth
from checker.read.tables import narrow

_NUMBER = re.compile(r"\d{1,2}")
# Of so few parts a sum may come out by chance.
_FEWEST = 3
_HALF = Decimal("0.5")


def sums(
    labels: Mapping[int, str], columns: Sequence[Mapping[int, int]], claims: Sequence[Claim], language: Language
) -> dict[int, tuple[int, int]]:
    """For each claim that is a part in a sum the claims of its whole and of the first part, by their numbers.

    `labels` are the texts that name the rows, `columns` the numbers of the claims of each column by row.
    """
    found: dict[int, tuple[int, int]] = {}
    for whole, parts in _groups(labels, language):
        stated = [
            column
            for column in columns
            if _are_amounts([claims[column[row]] for row in (whole, *parts) if row in column])
            and all(row in column for row in (whole, *parts))
        ]
        held = [column for column in stated if _adds_up([claims[column[row]] for row in (whole, *parts)])]
        if not held or len(held) < len(stated) - 1 or (len(stated) > len(held) and len(parts) < _FEWEST):
            continue
        for column in stated:
            for part in parts:
                found.setdefault(column[part], (column[whole], column[parts[0]]))
    return found


def _are_amounts(claims: Sequence[Claim]) -> bool:
    """Whether these are amounts in one unit."""
    return len({claim.unit for claim in claims}) == 1 and all(claim.attribute == "level" for claim in claims)


def _adds_up(claims: Sequence[Claim]) -> bool:
    """Whether the first is the sum of the others, but for the rounding of each."""
    whole, *parts = claims
    slack = _HALF * sum(claim.step for claim in claims)
    return abs(sum((part.value for part in parts), Decimal(0)) - whole.value) <= slack


def _groups(labels: Mapping[int, str], language: Language) -> Iterator[tuple[int, list[int]]]:
    """Rows that may be a whole, each with the rows that may be all its parts."""
    rows = sorted(labels)
    plain = {row: narrow(labels[row]) for row in rows}
    deep = {row: depth(plain[row]) for row in rows}
    totals = [row for row in rows if is_total(labels[row], language.heads)]
    adding = set(totals)
    numbered = partial(_numbered, plain=plain, deep=deep, quantities=language.quantities)
    for before, row in pairwise([-1, *totals]):
        above = rows[bisect_right(rows, before) : bisect_left(rows, row)]
        parts = numbered(above)
        if not parts and row == rows[0]:
            below = rows[1 : bisect_left(rows, totals[1])] if len(totals) > 1 else rows[1:]
            parts = numbered(below) or ([] if _is_ordered(below, labels, deep, language.heads) else below)
        if len(parts) > 1:
            yield row, parts
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
            yield row, parts


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
