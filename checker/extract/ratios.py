"""Columns of a table that state growth from one column of amounts to another, borne out by the figures of their rows.

Heads alone do not tell what growth is over (the year before as planned, as it was done, on a comparable basis), so two
columns are taken for its amounts only where nearly all rows agree, or a third of them where the amounts are by their
periods those of the time that growth is said of and of a year before; the others are then worth a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from checker.model import Claim

# Of so few rows growth may agree by chance, and of fewer where the periods are those of growth over a year.
_FEWEST, _FEWEST_OF_A_YEAR = 3, 2
# For each row that does not agree so many do, and so many where the periods are those of growth over a year.
_HELD, _HELD_OF_A_YEAR = 3.0, 0.5
# Tables of more columns are no tables of growth.
_MOST = 12
_ALL = Decimal(100)

Column = Mapping[int, int]


class _Fit(NamedTuple):
    """How many rows agree, and of each row the claims of growth, of the amount now and of that before."""

    held: int
    rows: list[tuple[int, int, int]]


def growth_of(columns: Sequence[Column], claims: Sequence[Claim]) -> Iterator[tuple[int, int, int]]:
    """Claims of growth of a table, each with those of the two amounts that it is between, by their numbers."""
    levels = [column for column in columns if _all(column, claims, "level")]
    if len(levels) > _MOST:
        return
    for column in columns:
        if not _all(column, claims, "growth"):
            continue
        fits = (_fit(column, now, then, claims) for now, then in permutations(levels, 2))
        best = max(fits, key=lambda fit: fit.held, default=_Fit(0, []))
        of_a_year = all(_is_over_a_year(*(claims[i] for i in row)) for row in best.rows)
        fewest, by = (_FEWEST_OF_A_YEAR, _HELD_OF_A_YEAR) if of_a_year else (_FEWEST, _HELD)
        if best.held >= max(fewest, by * (len(best.rows) - best.held)):
            yield from best.rows


def _all(column: Column, claims: Sequence[Claim], attribute: str) -> bool:
    return all(claims[i].attribute == attribute for i in column.values())


def _fit(growth: Column, now: Column, then: Column, claims: Sequence[Claim]) -> _Fit:
    rows = [
        (growth[row], now[row], then[row])
        for row in growth
        if row in now and row in then and _comparable(claims[growth[row]], claims[now[row]], claims[then[row]])
    ]
    return _Fit(sum(_agree(*(claims[i] for i in row)) for row in rows), rows)


def _comparable(growth: Claim, now: Claim, then: Claim) -> bool:
    return growth.unit == "%" and now.unit == then.unit and growth.value != 0 and min(now.value, then.value) > 0


def _is_over_a_year(growth: Claim, now: Claim, then: Claim) -> bool:
    """Whether by their periods growth is from one amount to the other, the same days a year later."""
    start, end = growth.period_start, growth.period_end
    if not start or not end or (now.period_start, now.period_end) != (start, end):
        return False
    return (then.period_start, then.period_end) == (_year_before(start), _year_before(end))


def _year_before(day: str) -> str:
    return f"{int(day[:4]) - 1}{day[4:]}"


def _agree(growth: Claim, now: Claim, then: Claim) -> bool:
    """Whether growth is that from one amount to the other, each rounded or cut off."""
    least = (now.value - now.step) / (then.value + then.step)
    most = (now.value + now.step) / (then.value - then.step) if then.value > then.step else least
    low, high = growth.value - growth.step, growth.value + growth.step
    return (least - 1) * _ALL <= high and low <= (most - 1) * _ALL
