"""Where to draw values on an axis, and evidence as bars.

Positions are in percent of the width, so that a drawing fits any screen while its text keeps its size.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import NamedTuple

from checker.model import Claim, Match
from checker.report.numbers import Scale, exact, figure, interval, scale
from checker.report.plain import tidy
from checker.report.view import letter
from checker.report.words import label
from checker.wording import period


class Tick(NamedTuple):
    x: str
    text: str


class Row(NamedTuple):
    """One value with its interval. An open end runs on beyond the chart; a narrow bar has no room for end marks."""

    y: int
    side: str
    printed: str
    interval: str
    x: str
    left: str
    right: str
    width: str
    open_left: bool
    open_right: bool
    narrow: bool
    label_left: bool


class Axis(NamedTuple):
    unit: str
    height: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]


class Bar(NamedTuple):
    """One piece of evidence: the bar begins where the one above it ended."""

    what: str
    left: str
    right: str
    weight: float
    x: str
    width: str


class Waterfall(NamedTuple):
    zero: str
    bars: tuple[Bar, ...]
    total: Bar


ROW_HEIGHT = 34


def axis(claims: list[Claim], lang: str) -> Axis | None:
    """The values of claims on one axis; none where fewer than two share a dimension and a kind."""
    alike = _alike(claims)
    if len(alike) < 2:
        return None
    unit = scale(alike[0][1])
    low, high = _range([claim for _, claim in alike])
    rows = tuple(_row(n, side, claim, low, high, lang) for n, (side, claim) in enumerate(alike))
    ticks = tuple(
        Tick(_at(tick, low, high), exact(tick / unit.factor).replace("-", "−")) for tick in _ticks(low, high, unit)
    )
    return Axis(unit.unit, ROW_HEIGHT * len(rows), ticks, rows)


def _alike(claims: list[Claim]) -> list[tuple[str, Claim]]:
    """The claims, with their letters, that share dimension and kind with the first claim that has a companion."""
    for first in claims:
        alike = [
            (letter(i), claim)
            for i, claim in enumerate(claims)
            if (claim.dimension, claim.unit, claim.attribute) == (first.dimension, first.unit, first.attribute)
        ]
        if len(alike) > 1:
            return alike
    return []


def _range(claims: list[Claim]) -> tuple[Decimal, Decimal]:
    """The ends of the axis: all that is drawn, and a tenth of it as margin."""
    ends = [end for claim in claims for end in (claim.value, claim.low, claim.high) if end is not None]
    low, high = min(ends), max(ends)
    margin = (high - low or abs(high) or Decimal(1)) / 10
    return low - margin, high + margin


def _ticks(low: Decimal, high: Decimal, unit: Scale) -> list[Decimal]:
    """Three to six round numbers, round in the printed unit."""
    span = float((high - low) / unit.factor)
    rough = Decimal(10) ** math.floor(math.log10(span / 4))
    step = next(rough * n for n in (1, 2, 5, 10) if span / float(rough * n) <= 5)
    first = math.ceil(low / unit.factor / step)
    last = math.floor(high / unit.factor / step)
    return [n * step * unit.factor for n in range(first, last + 1)]


def _row(n: int, side: str, claim: Claim, low: Decimal, high: Decimal, lang: str) -> Row:
    left, right = (_share(end, low, high) for end in (claim.low, claim.high))
    start, end = 0.0 if left is None else left, 100.0 if right is None else right
    return Row(
        y=n * ROW_HEIGHT + ROW_HEIGHT // 2,
        side=side,
        printed=figure(claim, lang),
        interval=interval(claim, lang),
        x=_at(claim.value, low, high),
        left=_percent(start),
        right=_percent(end),
        width=_percent(end - start),
        open_left=left is None,
        open_right=right is None,
        narrow=end - start < 1.5,
        label_left=start + end > 100,
    )


def _share(value: Decimal | None, low: Decimal, high: Decimal) -> float | None:
    return None if value is None else float((value - low) / (high - low) * 100)


def _at(value: Decimal, low: Decimal, high: Decimal) -> str:
    return _percent(float((value - low) / (high - low) * 100))


def waterfall(match: Match, lang: str) -> Waterfall:
    """The evidence of a match as bars, each from the running sum before it to the sum after it, then the score."""
    sums = [0.0]
    for evidence in match.evidence:
        sums.append(sums[-1] + evidence.weight)
    low, high = min(*sums, match.score), max(*sums, match.score)
    span = high - low or 1.0
    bars = tuple(
        Bar(
            what=label(lang, "evidence", tidy(row.what)),
            left=_said(row.what, row.left, lang),
            right=_said(row.what, row.right, lang),
            weight=row.weight,
            x=_start(sums[i], sums[i + 1], low, span),
            width=_percent(abs(row.weight) / span * 100),
        )
        for i, row in enumerate(match.evidence)
    )
    total = Bar("", "", "", match.score, _start(0.0, match.score, low, span), _percent(abs(match.score) / span * 100))
    return Waterfall(_percent(-low / span * 100), bars, total)


def _said(what: str, text: str, lang: str) -> str:
    """What one side says; a period comes as two dates with a stroke between."""
    start, stroke, end = text.partition("/")
    if what == "period" and stroke:
        first, last = (None if part in ("", "None") else part for part in (start, end))
        return tidy(period(first, last, lang))
    return tidy(text)


def _start(a: float, b: float, low: float, span: float) -> str:
    """Where a bar between two sums begins."""
    return _percent((min(a, b) - low) / span * 100)


def _percent(share: float) -> str:
    return f"{share:.2f}%"
