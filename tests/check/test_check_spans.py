"""Interval arithmetic by column against exact arithmetic on the digits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.check.spans import (
    MOST_YEARS,
    Span,
    absolute,
    add,
    beside,
    compound,
    divide,
    doublings,
    equal,
    figures,
    greatest,
    least,
    less,
    multiply,
    negative,
    points,
    rounded,
    subtract,
    take,
    totals,
    truncated,
)


@dataclass(frozen=True)
class Printed:
    """A figure as printed: its digits as a whole number, and how many of them stand after the point."""

    digits: int
    places: int
    scale: int = 1

    @property
    def value(self) -> Fraction:
        return Fraction(self.digits, 10**self.places) * self.scale

    @property
    def step(self) -> Fraction:
        return Fraction(1, 10**self.places) * self.scale


printed = st.builds(Printed, st.integers(-99999, 99999), st.integers(0, 3), st.sampled_from([1, 10**4, 10**8]))


def span(*all_figures: Printed) -> Span:
    low = np.array([float(f.value - f.step / 2) for f in all_figures])
    high = np.array([float(f.value + f.step / 2) for f in all_figures])
    shut = np.zeros(len(all_figures), dtype=bool)
    value = np.array([float(f.value) for f in all_figures])
    return figures(low, high, shut, shut, value, np.array([float(f.step) for f in all_figures]), ~shut)


def between(low: float | None, high: float | None, low_open: bool = False, high_open: bool = False) -> Span:
    """An interval that is no printed figure."""
    value = next(x for x in (low, high, 0.0) if x is not None)
    ends = [np.array([np.nan if x is None else float(x)]) for x in (low, high)]
    no = np.array([False])
    return figures(*ends, np.array([low_open]), np.array([high_open]), np.array([value]), np.array([0.0]), no)


def samples(f: Printed) -> list[Fraction]:
    return [f.value + f.step * Fraction(k, 4) for k in range(-2, 3)]


def rounds_to(f: Printed) -> tuple[Fraction, Fraction]:
    return f.value - f.step / 2, f.value + f.step / 2


@given(printed, printed)
def test_arithmetic_holds_every_result_and_no_more(x: Printed, y: Printed) -> None:
    a, b = span(x), span(y)
    pairs = [(p, q) for p in samples(x) for q in samples(y)]
    operations = [(add, lambda p, q: p + q), (subtract, lambda p, q: p - q), (multiply, lambda p, q: p * q)]
    low_y, high_y = rounds_to(y)
    if low_y > 0 or high_y < 0:
        operations.append((divide, lambda p, q: p / q))
    for by_column, exact in operations:
        result = by_column(a, b)
        truth = [exact(p, q) for p, q in pairs]
        for end, wanted in ((result.low[0], min(truth)), (result.high[0], max(truth))):
            assert abs(Fraction(float(end)) - wanted) <= Fraction(float(result.slack[0])) + abs(wanted) / 10**15


@given(st.builds(Printed, st.integers(-9900, 99999), st.integers(2, 3)), st.integers(1, 30))
def test_compound_growth_is_multiplied_year_after_year(rate: Printed, years: int) -> None:
    result = compound(span(rate), points([float(years)]))
    wanted = []
    for each in samples(rate):
        grown = Fraction(1)
        for _ in range(years):
            grown *= 1 + each / 100
        wanted.append(grown)
    for end, exact in ((result.low[0], min(wanted)), (result.high[0], max(wanted)), (result.value[0], wanted[2])):
        assert abs(Fraction(float(end)) - exact) <= Fraction(float(result.slack[0]))
    assert result.slack[0] <= 1e-11 * result.high[0]


@given(st.lists(printed, min_size=2, max_size=5))
def test_the_least_and_the_greatest_hold_every_result(figures: list[Printed]) -> None:
    for extreme, choose in ((least, min), (greatest, max)):
        result = extreme(*beside([span(one) for one in figures]))
        ends = [rounds_to(one) for one in figures]
        for end, exact in zip((result.low, result.high), map(choose, zip(*ends, strict=True)), strict=True):
            assert abs(Fraction(float(end[0])) - exact) <= Fraction(float(result.slack[0]))
        assert result.value[0] == float(choose(one.value for one in figures))


@given(printed, st.integers(-6, 4))
def test_rounding_holds_every_result_and_no_more(x: Printed, digits: int) -> None:
    result = rounded(span(x), digits)
    unit = Fraction(10) ** -digits
    assume(abs(x.value) < unit * 10**13)
    for end, exact, way in zip((result.low, result.high), rounds_to(x), (ROUND_HALF_DOWN, ROUND_HALF_UP), strict=True):
        # A tie goes away from what is between the ends: down for the lower end, up for the upper one.
        steps = exact / unit
        whole = steps.numerator // steps.denominator
        wanted = whole + (steps - whole > Fraction(1, 2) or (steps - whole == Fraction(1, 2) and way == ROUND_HALF_UP))
        assert abs(Fraction(float(end[0])) - wanted * unit) <= Fraction(float(result.slack[0]))


def test_open_ends_of_the_least() -> None:
    open_low, shut = between(1, 3, low_open=True), between(1, 3)
    assert least(*beside([open_low, open_low])).low_open[0]
    assert not least(*beside([open_low, shut])).low_open[0]
    open_high = between(0, 3, high_open=True)
    assert least(*beside([open_high, shut])).high_open[0]
    unknown = least(*beside([shut, points([np.nan])]))
    assert np.isnan(unknown.value[0])
    assert np.isneginf(least(*beside([between(None, 3), shut])).low[0])


def test_compound_growth_has_its_bounds() -> None:
    known = compound(points([5.0, 5.0, 5.0, -100.0]), points([1.0, 2.0, float(MOST_YEARS), 3.0]))
    assert known.value == pytest.approx([1.05, 1.1025, 1.05**MOST_YEARS, 0.0])
    rates, years = [5.0, 5.0, -100.5, np.nan, 1e9], [0.0, MOST_YEARS + 1.0, 3.0, 2.0, 100.0]
    unknown = compound(points(rates), points(years))
    answer = equal(unknown, points(1.0))
    assert not (answer.yes | answer.no).any()
    above = compound(between(5, None, low_open=True), points([2.0]))
    assert np.isposinf(above.high[0]) and above.low_open[0] and not above.high_open[0]
    assert less(points(1.05), above).yes[0]


@given(printed)
def test_sign(x: Printed) -> None:
    low, high = rounds_to(x)
    flipped, bare = negative(span(x)), absolute(span(x))
    assert (flipped.low[0], flipped.high[0]) == (float(-high), float(-low))
    inside = [abs(low), abs(high)]
    assert bare.high[0] == pytest.approx(float(max(inside)))
    assert bare.low[0] == pytest.approx(0.0 if low <= 0 <= high else float(min(inside)))


@given(printed, printed)
def test_exactly_one_of_less_equal_greater(x: Printed, y: Printed) -> None:
    a, b = span(x), span(y)
    assert int(less(a, b).yes[0]) + int(equal(a, b).yes[0]) + int(less(b, a).yes[0]) == 1


@given(printed, printed)
def test_equal_against_the_digits(x: Printed, y: Printed) -> None:
    """Figures agree when some number is rounded to both, or one is the other cut off."""
    (a_low, a_high), (b_low, b_high) = rounds_to(x), rounds_to(y)
    wanted = min(a_high, b_high) > max(a_low, b_low)
    for coarse, fine in ((x, y), (y, x)):
        if coarse.step > fine.step and coarse.value * fine.value >= 0:
            wanted |= abs(coarse.value) <= abs(fine.value) < abs(coarse.value) + coarse.step
    assert bool(equal(span(x), span(y)).yes[0]) is wanted


def test_equal_against_all_numbers() -> None:
    """Every number from -3 to 3 is printed to no, one and two places: figures of one number agree, no others do."""
    agree: set[tuple[Printed, Printed]] = set()
    for number in (Decimal(k) / 2000 for k in range(-6000, 6001)):
        for way in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            of_one = [Printed(int(number.scaleb(places).to_integral_value(way)), places) for places in range(3)]
            agree |= set(product(of_one, of_one))
    every = sorted({figure for pair in agree for figure in pair}, key=lambda f: (f.places, f.digits))
    for figure, dropped in product(every, (1, 2)):
        if dropped <= figure.places:
            cut = Printed(int(figure.digits / 10**dropped), figure.places - dropped)
            agree |= {(cut, figure), (figure, cut)}
    column, each = span(*every), np.arange(len(every))
    found = equal(take(column, np.repeat(each, len(every))), take(column, np.tile(each, len(every)))).yes
    assert {pair for pair, same in zip(product(every, every), found, strict=True) if same} == agree


@given(printed, printed, st.sampled_from([10**4, 10**8, 10**12]))
def test_a_unit_changes_no_verdict(x: Printed, y: Printed, unit: int) -> None:
    grown = [Printed(f.digits, f.places, f.scale * unit) for f in (x, y)]
    for compare in (equal, less):
        assert compare(span(x), span(y)).yes[0] == compare(span(grown[0]), span(grown[1])).yes[0]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (Printed(86, 0), Printed(8699, 2), True),  # cut off
        (Printed(87, 0), Printed(8699, 2), True),  # rounded
        (Printed(85, 0), Printed(8699, 2), False),
        (Printed(5, 0), Printed(6, 0), False),
        (Printed(5, 0), Printed(600, 2), False),
        (Printed(5, 0), Printed(599, 2), True),
        (Printed(-5, 0), Printed(-599, 2), True),
        (Printed(-5, 0), Printed(599, 2), False),
        (Printed(8500, 0, 10**8), Printed(85009, 1, 10**8), True),
        (Printed(100, 0), Printed(200, 0), False),
        (Printed(1076420, 0), Printed(1076421, 0), False),
        (Printed(120, 2), Printed(12, 1), True),
        (Printed(773, 0, 10**8), Printed(760, 0, 10**8), False),
    ],
)
def test_agreement(one: Printed, other: Printed, agree: bool) -> None:
    assert bool(equal(span(one), span(other)).yes[0]) is agree
    assert bool(equal(span(other), span(one)).yes[0]) is agree


def as_cut_off(f: Printed) -> set[int]:
    """What a figure stands for when digits were cut off, in hundredths of the finest digit that `short` prints."""
    first, count = abs(f.digits) * 10 ** (3 - f.places), 10 ** (3 - f.places)
    magnitudes = range(first, first + count)
    if f.digits == 0:
        return set(range(-count + 1, count))
    return {number if f.digits > 0 else -number for number in magnitudes}


short = st.builds(Printed, st.integers(-30, 30), st.integers(0, 1))


@given(st.lists(short, min_size=1, max_size=3), short)
def test_cut_off_against_the_digits(parts: list[Printed], total: Printed) -> None:
    """Some digits behind those printed make the parts add up to the total."""
    sums = {0}
    for part in parts:
        own = as_cut_off(part)
        # Each is a run of whole numbers, so their sum is one as well.
        sums = set(range(min(sums) + min(own), max(sums) + max(own) + 1))
    added = totals(truncated(span(*parts)), np.array([0]))
    assert bool(equal(added, truncated(span(total))).yes[0]) is bool(sums & as_cut_off(total))


@pytest.mark.parametrize(("one", "other"), [(5, 6), (100, 200), (-5, -6), (-32, -31), (5, -5)])
def test_figures_that_differ_differ_when_cut_off(one: int, other: int) -> None:
    assert not equal(truncated(span(Printed(one, 0))), truncated(span(Printed(other, 0)))).yes[0]


def test_what_is_no_printed_figure_is_not_cut_off() -> None:
    over = between(300, None, low_open=True)
    assert all((a == b).all() for a, b in zip(truncated(over)[:4], over[:4], strict=True))


def test_float_noise_does_not_matter() -> None:
    assert equal(add(points([0.1]), points([0.2])), points([0.3])).yes[0]
    assert equal(subtract(add(points([0.1]), points([0.2])), points([0.3])), points([0.0])).yes[0]
    assert not equal(points([0.1]), points([0.1000001])).yes[0]
    assert not equal(points([1e15]), points([1e15 + 1])).yes[0]


def test_parts_that_miss_the_whole_by_their_own_rounding() -> None:
    parts = add(add(span(Printed(333, 1)), span(Printed(333, 1))), span(Printed(333, 1)))
    assert equal(parts, span(Printed(1000, 1))).yes[0]
    assert equal(parts, span(Printed(998, 1))).yes[0]
    assert not equal(parts, span(Printed(1002, 1))).yes[0]
    halves = add(add(span(Printed(2, 0)), span(Printed(2, 0))), span(Printed(2, 0)))
    assert equal(halves, span(Printed(8, 0))).yes[0]  # 2.5 + 2.5 + 2.5, all rounded to even


def test_open_and_unbounded_ends() -> None:
    over, at_least, under = between(300, None, low_open=True), between(300, None), between(None, 300, high_open=True)
    assert equal(over, points([301.0])).yes[0] and not equal(over, points([300.0])).yes[0]
    assert equal(at_least, points([300.0])).yes[0]
    assert not equal(over, under).yes[0] and less(under, over).yes[0]
    assert equal(between(None, None), points([5.0])).yes[0]
    assert equal(between(10, 20), between(20, 30)).yes[0]  # ranges as stated, not rounded: they share 20
    assert not equal(between(10, 20, high_open=True), between(20, 30)).yes[0]


@given(st.integers(-20, 20), st.integers(0, 2))
def test_doublings(digits: int, places: int) -> None:
    exponent = Printed(digits, places)
    made = doublings(span(exponent))
    low, high = (2.0 ** float(end) for end in rounds_to(exponent))
    assert (made.low[0], made.high[0]) == pytest.approx((low, high))
    assert equal(made, points([2.0 ** float(exponent.value)])).yes[0]
    assert equal(made, points([high * 1.001])).no[0]


def test_zero_and_infinity() -> None:
    product = multiply(points([0.0]), between(1, None))
    assert (product.low[0], product.high[0]) == (0.0, 0.0)
    through_zero = divide(points([1.0]), between(-1, 1))
    assert np.isneginf(through_zero.low[0]) and np.isposinf(through_zero.high[0])
    assert not any(np.isnan(end).any() for end in through_zero[:2])


def test_unknown_is_neither() -> None:
    for answer in (equal(points([np.nan]), points([1.0])), less(points([np.nan]), points([1.0]))):
        assert not answer.yes[0] and not answer.no[0]
        assert not (~answer).yes[0]


@given(st.lists(st.tuples(printed, printed), min_size=1, max_size=20))
def test_a_column_is_its_rows(rows: list[tuple[Printed, Printed]]) -> None:
    a, b = span(*(x for x, _ in rows)), span(*(y for _, y in rows))
    together = equal(add(a, b), multiply(a, b)).yes
    for i in range(len(rows)):
        one, other = take(a, [i]), take(b, [i])
        assert together[i] == equal(add(one, other), multiply(one, other)).yes[0]
