"""Sums that the rows of a table state: a total and what it adds up, by their labels and borne out by their figures.

A total adds up the numbered rows above it or, at the top of a table, those below; a numbered row the rows one step
deeper below it. Labels alone do not tell what a total holds, so rows are taken for its parts only where figures bear it
out: those of another column, or of rows that go by the same labels in another table of the document. Columns that do
not add up are then worth a look. Where none does, they are so only if a single slip keeps them from it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
# What is so near its total, as a part of it, is meant to make it up.
_NEAR = Decimal("0.02")


class Rows(NamedTuple):
    """The labels of the rows of a table, and the numbers of the claims of the columns they are for, by row."""

    labels: Mapping[int, str]
    columns: Sequence[Mapping[int, int]]


class _Sum(NamedTuple):
    """A total and its parts, by their labels, and their claims in each column that states all of them.

    It is `closed` where a row follows that is no part of it: a table may go on overleaf.
    """

    labels: tuple[str, ...]
    closed: bool
    stated: list[list[int]]


def sums(rows: Sequence[Rows], claims: Sequence[Claim], language: Language) -> dict[int, tuple[int, int]]:
    """For each claim of a table that is a part in a sum the claims of its whole and of the first part, by number."""
    found: dict[int, tuple[int, int]] = {}
    possible = [one for table in rows for one in _possible(table, claims, language)]
    held: dict[tuple[str, ...], set[tuple[Decimal, ...]]] = defaultdict(set)
    off: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for one in possible:
        for terms in one.stated:
            if _adds_up([claims[i] for i in terms]):
                held[one.labels].add(tuple(claims[i].value for i in terms))
            else:
                off[one.labels].add(terms[0])
    for one in possible:
        borne = len(held[one.labels])
        known = borne >= max(_FEWEST + 2 - len(one.labels), len(off[one.labels]), 1)
        closed = borne > 0 or one.closed
        # Of two parts nobody knows that they are all.
        chance = _CHANCE if borne > 0 or len(one.labels) > _FEWEST else _CHANCE / 10
        for terms in one.stated:
            if known or _adds_up([claims[i] for i in terms]) or _has_slipped(claims, terms, closed, chance):
                for part in terms[1:]:
                    found.setdefault(part, (terms[0], terms[1]))
    return found


def _possible(table: Rows, claims: Sequence[Claim], language: Language) -> Iterator[_Sum]:
    """What the rows of a table may add up to by their labels."""
    for whole, parts, closed in _groups(table.labels, language):
        rows = [whole, *parts]
        stated = [[column[row] for row in rows] for column in table.columns if all(row in column for row in rows)]
        stated = [terms for terms in stated if _are_amounts([claims[i] for i in terms])]
        yield _Sum(tuple(narrow(table.labels[row]) for row in rows), closed, stated)


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
