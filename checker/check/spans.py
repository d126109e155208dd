"""Arithmetic and comparison on whole columns of intervals.

Ends are floats, so each row carries `slack`: how far the float arithmetic that led to it can have strayed. Comparisons
allow for it, which makes 0.1 + 0.2 equal to 0.3 and leaves 1,076,420 and 1,076,421 apart, at any magnitude.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EPSILON = 2.0**-52
# Growth is compounded over so many years at most: no report looks back further.
MOST_YEARS = 100


class Span(NamedTuple):
    """A column of intervals; unbounded ends are infinite, `value` is the figure as printed (NaN: unknown).

    step is one unit of the last printed digit for an exact figure, the width for what is computed from exact figures,
    NaN otherwise; printed says that the row is an exact figure as printed, not computed from one.
    """

    low: Floats
    high: Floats
    low_open: Bools
    high_open: Bools
    value: Floats
    step: Floats
    printed: Bools
    slack: Floats


class Truth(NamedTuple):
    """A column of answers: yes, no, or neither where something is unknown."""

    yes: Bools
    no: Bools

    def __invert__(self) -> Truth:
        return Truth(self.no, self.yes)

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.yes | other.yes, self.no & other.no)


def points(values: Any) -> Span:
    """Plain numbers as intervals of one point; NaN is unknown."""
    value = np.asarray(values, dtype=float)
    shut = np.zeros(value.shape, dtype=bool)
    return Span(value, value, shut, shut, value, np.zeros(value.shape), shut, EPSILON * np.abs(value))


def figures(
    low: Floats, high: Floats, low_open: Bools, high_open: Bools, value: Floats, step: Floats, exact: Bools
) -> Span:
    """The intervals of claims; a NaN end is unbounded."""
    known_step = np.nan_to_num(step)
    reach = np.maximum(np.abs(value), np.maximum(np.abs(np.nan_to_num(low)), np.abs(np.nan_to_num(high))))
    return Span(
        np.where(np.isnan(low), -np.inf, low),
        np.where(np.isnan(high), np.inf, high),
        low_open,
        high_open,
        value,
        np.where(exact, known_step, np.nan),
        exact & (known_step > 0),
        EPSILON * reach,
    )


def printed_figures(values: Floats, steps: Floats) -> Span:
    """The intervals of exact figures with these values and last digits; NaN is unknown."""
    shut = np.zeros(values.shape, dtype=bool)
    return figures(values - steps / 2, values + steps / 2, shut, shut, values, steps, ~np.isnan(values))


def take(span: Span, rows: Any) -> Span:
    """Some rows of a column of intervals."""
    return Span(*(part[rows] for part in span))


def totals(span: Span, starts: NDArray[np.int64]) -> Span:
    """The sum of each stretch of rows; stretches begin at `starts`."""

    def over(ufunc: np.ufunc, column: Any) -> Any:
        return ufunc.reduceat(column, starts)

    low, high = over(np.add, span.low), over(np.add, span.high)
    with np.errstate(invalid="ignore"):
        step = over(np.add, span.step) * 0 + (high - low)
    total = Span(
        low,
        high,
        over(np.logical_or, span.low_open),
        over(np.logical_or, span.high_open),
        over(np.add, span.value),
        step,
        np.zeros(len(starts), dtype=bool),
        over(np.add, span.slack),
    )
    # Each addition may round: as many times the error of the sum as there are terms.
    terms = np.diff(np.append(starts, len(span.low)))
    return total._replace(slack=total.slack * 2 + terms * EPSILON * np.abs(total.value))


def least(span: Span, starts: NDArray[np.int64]) -> Span:
    """The least of each stretch of rows, over all numbers that each may be; stretches begin at `starts`.

    Of figures printed to the same digit it is one of these, and counts as printed.
    """
    low, high = np.minimum.reduceat(span.low, starts), np.minimum.reduceat(span.high, starts)
    sizes = np.diff(np.append(starts, len(span.low)))
    # An open end is reached unless all rows that have it leave it open, or, of the upper one, any does.
    ends_low, ends_high = span.low == np.repeat(low, sizes), span.high == np.repeat(high, sizes)
    step = np.minimum.reduceat(span.step, starts)
    printed = np.logical_and.reduceat(span.printed, starts) & (step == np.maximum.reduceat(span.step, starts))
    return Span(
        low,
        high,
        np.logical_and.reduceat(span.low_open | ~ends_low, starts),
        np.logical_or.reduceat(span.high_open & ends_high, starts),
        np.minimum.reduceat(span.value, starts),
        np.where(printed | np.isnan(step), step, _width(low, high)),
        printed,
        np.maximum.reduceat(span.slack, starts),
    )


def greatest(span: Span, starts: NDArray[np.int64]) -> Span:
    """The greatest of each stretch of rows."""
    return _negative(least(_negative(span), starts))


def beside(spans: Sequence[Span]) -> tuple[Span, NDArray[np.int64]]:
    """Columns of intervals as one, the rows of each binding in a stretch, and where the stretches begin."""
    parts = (np.stack(np.broadcast_arrays(*columns), axis=-1) for columns in zip(*spans, strict=True))
    together = Span(*(part.reshape(-1) for part in parts))
    return together, np.arange(0, len(together.value), len(spans))


def rounded(a: Span, digits: int) -> Span:
    """What the numbers of a may be rounded to so many digits after the point (of tens, hundreds where it is negative).

    A tie may go either way: GB/T 8170 rounds half to even, spreadsheets half up.
    """
    unit = 10.0**-digits
    with np.errstate(invalid="ignore"):
        near = (a.slack + EPSILON * _reach(a)) / unit
        # Finer than a float can tell there is nothing to round.
        coarse = near < 0.25
        low = np.where(coarse, np.ceil(a.low / unit - 0.5 - near) * unit, a.low)
        high = np.where(coarse, np.floor(a.high / unit + 0.5 + near) * unit, a.high)
        value = np.where(coarse, np.round(a.value / unit) * unit, a.value)
    no = np.zeros_like(a.printed)
    span = Span(low, high, no, no, value, np.where(np.isnan(a.step), np.nan, high - low), no, np.zeros_like(a.slack))
    return span._replace(slack=2 * EPSILON * _reach(span))


def truncated(a: Span) -> Span:
    """Figures as printed read as cut off, not rounded: 86 is anything from 86 to just below 87; others as they are."""
    up, down = a.printed & (a.value >= 0), a.printed & (a.value <= 0)
    return a._replace(
        low=np.where(down, a.value - a.step, np.where(up, a.value, a.low)),
        high=np.where(up, a.value + a.step, np.where(down, a.value, a.high)),
        low_open=np.where(a.printed, down, a.low_open),
        high_open=np.where(a.printed, up, a.high_open),
        slack=a.slack + EPSILON * np.nan_to_num(a.step),
    )


def add(a: Span, b: Span) -> Span:
    """Every number of a plus every number of b."""
    with np.errstate(invalid="ignore"):
        low, high = a.low + b.low, a.high + b.high
        value = a.value + b.value
    return _computed(low, high, a.low_open | b.low_open, a.high_open | b.high_open, value, a.slack + b.slack, a, b)


def negative(a: Span) -> Span:
    """Every number of a with the other sign."""
    return _negative(a)._replace(printed=np.zeros_like(a.printed))


def _negative(a: Span) -> Span:
    return Span(-a.high, -a.low, a.high_open, a.low_open, -a.value, a.step, a.printed, a.slack)


def subtract(a: Span, b: Span) -> Span:
    """Every number of a minus every number of b."""
    return add(a, negative(b))


def absolute(a: Span) -> Span:
    """Every number of a without its sign."""
    flipped = negative(a)
    below, across = a.high <= 0, (a.low < 0) & (a.high > 0)
    higher = flipped.high > a.high
    low = np.where(across, 0.0, np.where(below, flipped.low, a.low))
    high = np.where(below | (across & higher), flipped.high, a.high)
    low_open = np.where(across, False, np.where(below, flipped.low_open, a.low_open))
    high_open = np.where(below | (across & higher), flipped.high_open, a.high_open)
    return Span(low, high, low_open, high_open, np.abs(a.value), a.step, np.zeros_like(a.printed), a.slack)


def multiply(a: Span, b: Span) -> Span:
    """Every number of a times every number of b."""
    low, high, low_open, high_open = _extremes(
        [_product(x, x_open, y, y_open) for x, x_open in _ends(a) for y, y_open in _ends(b)]
    )
    with np.errstate(invalid="ignore"):
        value = a.value * b.value
    slack = _reach(a) * b.slack + _reach(b) * a.slack
    return _computed(low, high, low_open, high_open, value, slack, a, b)


def doublings(a: Span) -> Span:
    """Two to the power of every number of a."""
    with np.errstate(over="ignore", invalid="ignore"):
        low, high, value = np.exp2(a.low), np.exp2(a.high), np.exp2(a.value)
        slack = np.where(np.isfinite(high), high, 0.0) * a.slack
    return _computed(low, high, a.low_open, a.high_open, value, slack, a, a)


def divide(a: Span, b: Span) -> Span:
    """Every number of a by every number of b; anything at all where b can be zero."""
    through_zero = (b.low <= 0) & (b.high >= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        one_over = Span(
            np.where(through_zero, -np.inf, 1 / b.high),
            np.where(through_zero, np.inf, 1 / b.low),
            np.where(through_zero, True, b.high_open | np.isinf(b.high)),
            np.where(through_zero, True, b.low_open | np.isinf(b.low)),
            1 / b.value,
            np.where(np.isnan(b.step), np.nan, 0.0),
            np.zeros_like(b.printed),
            np.zeros_like(b.slack),
        )
        nearest = np.minimum(np.abs(b.low), np.abs(b.high))
        slack = np.where(through_zero, 0.0, b.slack / nearest**2 + EPSILON / nearest)
    result = multiply(a, one_over._replace(slack=slack))
    return result._replace(value=np.where(b.value == 0, np.nan, result.value))


def compound(rate: Span, years: Span) -> Span:
    """What growth by a rate in percent, year after year, makes of one: (1 + rate/100) to the number of years.

    Unknown where a year may leave less than nothing, and for less than one or more than MOST_YEARS years.
    """
    factor = add(points(1.0), divide(rate, points(100.0)))
    number = years.value
    with np.errstate(invalid="ignore", over="ignore"):
        value = factor.value**number
        known = (factor.low >= 0) & (number >= 1) & (number <= MOST_YEARS) & np.isfinite(value)
        low = np.where(known, factor.low**number, -np.inf)
        high = np.where(known, factor.high**number, np.inf)
        slack = np.where(known, number * _reach(factor) ** (number - 1) * factor.slack, 0.0)
    value = np.where(known, value, np.nan)
    return _computed(low, high, factor.low_open, factor.high_open, value, slack, rate, years)


def equal(a: Span, b: Span) -> Truth:
    """Whether the intervals meet, or one figure is the other cut off at fewer digits.

    Two figures as printed that only touch do not meet: 5 and 6 share the tie 5.5, which no way of rounding writes as
    both. Computed intervals that touch do: 2 + 2 + 2 can be 8 when each part was 2.5.
    """
    tolerance = a.slack + b.slack
    with np.errstate(invalid="ignore"):
        overlap = np.minimum(a.high, b.high) - np.maximum(a.low, b.low)
        touching = (overlap >= -tolerance) & ~(a.printed & b.printed & (a.high > a.low) & (b.high > b.low))
        # Half the last digit is far above the tolerance, so a real overlap of printed figures never drowns in it.
        meets = (overlap > tolerance) | (touching & _shut(a, b, tolerance) & _shut(b, a, tolerance))
        yes = meets | _cut_off(a, b, tolerance) | _cut_off(b, a, tolerance)
    known = _known(a, b)
    return Truth(yes & known, ~yes & known)


def less(a: Span, b: Span) -> Truth:
    """Whether every number of a is less than every number of b: exactly one of less, equal, greater holds."""
    same = equal(a, b)
    with np.errstate(invalid="ignore"):
        lower = a.low + a.high < b.low + b.high
    known = _known(a, b)
    yes = same.no & lower
    return Truth(yes, known & ~yes)


def _known(a: Span, b: Span) -> Bools:
    return ~(np.isnan(a.value) | np.isnan(b.value))


def _shut(a: Span, b: Span, tolerance: Floats) -> Bools:
    """Whether the ends of a that touch the far side of b belong to a."""
    return ~(a.low_open & (b.high <= a.low + tolerance) | a.high_open & (b.low >= a.high - tolerance))


def _cut_off(coarse: Span, fine: Span, tolerance: Floats) -> Bools:
    """Whether a printed figure is the other, which has more digits, truncated: 86 for 86.99."""
    more_digits = fine.step < coarse.step * (1 - 1e-9)
    shown, whole = np.abs(coarse.value), np.abs(fine.value)
    same_side = coarse.value * fine.value >= 0
    within = (shown <= whole + tolerance) & (whole < shown + coarse.step - tolerance)
    return coarse.printed & more_digits & same_side & within


def _computed(low: Any, high: Any, low_open: Any, high_open: Any, value: Any, slack: Any, a: Span, b: Span) -> Span:
    with np.errstate(invalid="ignore"):
        step = np.where(np.isnan(a.step) | np.isnan(b.step), np.nan, high - low)
    no = np.zeros_like(a.printed | b.printed)
    span = Span(low, high, low_open & np.isfinite(low), high_open & np.isfinite(high), value, step, no, slack)
    return span._replace(slack=slack + EPSILON * _reach(span))


def _width(low: Floats, high: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        width: Floats = high - low
    return width


def _reach(a: Span) -> Floats:
    """The largest finite number met in each row."""
    ends = (np.where(np.isfinite(end), np.abs(end), 0.0) for end in (a.low, a.high))
    reach: Floats = np.maximum(np.maximum(*ends), np.nan_to_num(np.abs(a.value), posinf=0.0))
    return reach


def _ends(a: Span) -> list[tuple[Floats, Bools]]:
    return [(a.low, a.low_open), (a.high, a.high_open)]


def _product(x: Floats, x_open: Bools, y: Floats, y_open: Bools) -> tuple[Floats, Bools]:
    """An end times an end. Zero times unbounded is zero, and a zero that belongs makes the product belong."""
    with np.errstate(invalid="ignore"):
        product = np.where((x == 0) | (y == 0), 0.0, x * y)
    has_zero = ((x == 0) & ~x_open) | ((y == 0) & ~y_open)
    return product, (x_open | y_open) & ~has_zero


def _extremes(products: list[tuple[Floats, Bools]]) -> tuple[Floats, Floats, Bools, Bools]:
    low = np.minimum.reduce([p for p, _ in products])
    high = np.maximum.reduce([p for p, _ in products])
    # An end is open only when all products that reach it are.
    low_open = np.logical_and.reduce([is_open | (p != low) for p, is_open in products])
    high_open = np.logical_and.reduce([is_open | (p != high) for p, is_open in products])
    return low, high, low_open, high_open
